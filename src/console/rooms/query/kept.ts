/**
 * What is written in an editor, kept until the tab is closed: a look at another room loses nothing, and nothing stays on the machine.
 */
import { useState } from 'react';

/** Like `useState`, for one text. */
export function useKept(name: string, first: string): readonly [string, (text: string) => void] {
  const key = `hub-query-${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? first);
  const set = (next: string): void => {
    sessionStorage.setItem(key, next);
    setText(next);
  };
  return [text, set];
}
