/**
 * What GraphiQL says to screen readers that is not so, put right in the page. Its tabs are list items that hold two buttons, which no tab
 * may: they become a list of buttons, of which one is current. An entry of the history is called by what it is, and not `Set active`.
 */
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Keeps GraphiQL's markup usable below the element that this is the reference of. */
export function useUsable(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const own = place.current;
    if (own === null) return undefined;
    const put = (): void => {
      for (const list of own.querySelectorAll('.graphiql-tabs[role]')) list.removeAttribute('role');
      for (const tab of own.querySelectorAll('.graphiql-tab[role], .graphiql-tab[aria-selected]')) {
        const selected = tab.getAttribute('aria-selected');
        if (selected !== null) tab.querySelector('.graphiql-tab-button')?.setAttribute('aria-current', selected);
        tab.removeAttribute('role');
        tab.removeAttribute('aria-selected');
      }
      for (const entry of own.querySelectorAll('.graphiql-history-item-label[aria-label]')) entry.removeAttribute('aria-label');
    };
    put();
    const observer = new MutationObserver(put);
    observer.observe(own, { subtree: true, childList: true, attributeFilter: ['role', 'aria-selected', 'aria-label'] });
    return () => observer.disconnect();
  }, []);
  return place;
}
