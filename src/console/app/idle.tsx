/**
 * Locks the session when nobody has touched the page for as long as the hub says. The hub does the same by its own clock;
 * this only sees to it that a page which nobody watches shows nothing.
 */
import { useEffect } from 'react';
import { useSessionCall } from '../api/session.ts';
import { untouchedMs } from '../api/touched.ts';

/** Watches; shows nothing. */
export function IdleLock({ minutes, locked }: { readonly minutes: number; readonly locked: boolean }): null {
  const { mutate: lock } = useSessionCall('lock');
  useEffect(() => {
    if (locked || minutes <= 0) return undefined;
    const watch = setInterval(() => {
      if (untouchedMs() >= minutes * 60_000) lock();
    }, 5_000);
    return () => clearInterval(watch);
  }, [minutes, locked, lock]);
  return null;
}
