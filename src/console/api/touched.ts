/**
 * When a person last touched the page. Requests that nobody's touch brought about (a page that asks again by itself) say so to the
 * hub, which does not take them for a sign that somebody is there.
 */
const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let last = Date.now();
for (const name of touches) {
  addEventListener(name, () => {
    last = Date.now();
  }, { passive: true, capture: true });
}

/** Milliseconds since then; since the page was loaded, if it was never touched. */
export const untouchedMs = (): number => Date.now() - last;
