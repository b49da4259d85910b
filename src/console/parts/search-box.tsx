/**
 * A box that searches as one types. The words end up in the address, which comes back a moment later: so the box keeps what
 * is typed itself, and says nothing while an input method is still composing (输入法).
 */
import { SearchOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';

/** `words` is what is searched for; `onWords` is told what shall be. */
export function SearchBox({ label, words, onWords, width = 220 }: { readonly label: string; readonly words: string; readonly onWords: (words: string) => void; readonly width?: number }): ReactNode {
  const [typed, setTyped] = useState(words);
  const [told, setTold] = useState(words);
  // Changed from elsewhere, as by a button that clears all filters.
  if (words !== told) {
    setTold(words);
    if (words !== typed.trim()) setTyped(words);
  }
  return (
    <Input
      allowClear prefix={<SearchOutlined />} placeholder={label} aria-label={label} value={typed} style={{ width }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!(event.nativeEvent as InputEvent).isComposing) onWords(event.target.value.trim());
      }}
      onCompositionEnd={(event) => onWords(event.currentTarget.value.trim())}
    />
  );
}
