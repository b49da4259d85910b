/**
 * The hub's log. It says what happened to the hub, never what was asked or answered: no documents, no variables, no
 * values, no keys.
 */
import { pino } from 'pino';

/** One logger for the process; `main` sets its level from the configuration. */
export const log = pino({ level: 'warn', base: null, redact: ['*.authorization', '*.password'] }, pino.destination(2));
