/**
 * Locks the session when nobody has touched the page for as long as the hub says. The hub does the same by its own clock;
 * this only sees to it that a page which nobody watches shows nothing.
 */
import { useEffect, useRef } from 'react';
import { useSessionCall } from '../api/session.ts';

const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Watches; shows nothing. */
export function IdleLock({ minutes, locked }: { readonly minutes: number; readonly locked: boolean }): null {
  const { mutate: lock } = useSessionCall('lock');
  const last = useRef(0);
  useEffect(() => {
    if (locked || minutes <= 0) return undefined;
    last.current = Date.now();
    const touched = (): void => {
      last.current = Date.now();
    };
    touches.forEach((name) => window.addEventListener(name, touched, { passive: true }));
    const watch = setInterval(() => {
      if (Date.now() - last.current >= minutes * 60_000) lock();
    }, 5_000);
    return () => {
      clearInterval(watch);
      touches.forEach((name) => window.removeEventListener(name, touched));
    };
  }, [minutes, locked, lock]);
  return null;
}
