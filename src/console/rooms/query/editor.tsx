/**
 * An editor of one text: GraphQL with the contract at hand, or JSON. CodeMirror keeps the text; the page is told of every change and
 * may put another text in.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { graphql as graphqlLanguage, updateSchema } from 'cm6-graphql';
import type { GraphQLSchema } from 'graphql';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

interface EditorProps {
  readonly label: string;
  readonly language: 'graphql' | 'json';
  readonly text: string;
  /** Absent: the text is only read. */
  readonly onText?: (text: string) => void;
  readonly onRun?: () => void;
  readonly schema?: GraphQLSchema | undefined;
  /** Told of the type that somebody clicked on with Ctrl. */
  readonly onType?: (type: string) => void;
  readonly hint?: string;
}

/** Colours that are read on white (WCAG AA). */
const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.atom, tags.bool, tags.null], color: '#8a1f7a' },
  { tag: [tags.string, tags.special(tags.string)], color: '#1a7037' },
  { tag: tags.number, color: '#8f5400' },
  { tag: [tags.propertyName, tags.attributeName], color: '#0b56c4' },
  { tag: [tags.variableName, tags.typeName, tags.name], color: '#1c2430' },
  { tag: tags.comment, color: '#5b6573', fontStyle: 'italic' },
]));

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--hub-code)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: '#f7f9fb', color: '#5b6573', borderRight: '1px solid #e6eaf0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: '#f2f7ff' },
  '.cm-placeholder': { color: '#5b6573' },
  '.cm-tooltip': { border: '1px solid #cfd6df', backgroundColor: '#fff', boxShadow: '0 4px 16px rgba(28,36,48,.12)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: '#e8f0fd', color: '#1c2430' },
});

/** See the head of this file. */
export function Editor({ label, language, text, onText, onRun, schema, onType, hint }: EditorProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef({ onText, onRun, onType });
  useEffect(() => {
    told.current = { onText, onRun, onType };
  });
  const first = useRef(text);
  const reads = onText === undefined;
  useEffect(() => {
    if (place.current === null) return undefined;
    const extensions: Extension[] = [
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => {
        told.current.onRun?.();
        return true;
      } }])),
      lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), colours, look, EditorView.lineWrapping,
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      ...(hint === undefined ? [] : [placeholder(hint)]),
      ...(language === 'json' ? [json()] : [autocompletion(), lintGutter(), ...graphqlLanguage(undefined, { onShowInDocs: (_field, type, parent) => told.current.onType?.(type ?? parent ?? '') })]),
      ...(reads ? [EditorState.readOnly.of(true)] : []),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) told.current.onText?.(update.state.doc.toString());
      }),
    ];
    const made = new EditorView({ parent: place.current, state: EditorState.create({ doc: first.current, extensions }) });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, [label, language, reads, hint]);
  useEffect(() => {
    first.current = text;
    const own = view.current;
    if (own === null || own.state.doc.toString() === text) return;
    own.dispatch({ changes: { from: 0, to: own.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    if (view.current !== null && schema !== undefined) updateSchema(view.current, schema);
  }, [schema, label]);
  return <div ref={place} style={{ height: '100%', overflow: 'hidden' }} />;
}
