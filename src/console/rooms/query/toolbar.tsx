/**
 * GraphiQL's commands with Chinese names beside the English ones; the keys are its own.
 */
import { CopyIcon, MergeIcon, PrettifyIcon, ToolbarButton, useGraphiQLActions } from '@graphiql/react';
import type { ReactNode } from 'react';
import { useTexts } from '../../language/language.tsx';
import { texts } from './texts.ts';

export function Toolbar(): ReactNode {
  const t = useTexts(texts);
  const { prettifyEditors, mergeQuery, copyQuery } = useGraphiQLActions();
  return (
    <>
      <ToolbarButton label={t.tidy} onClick={() => void prettifyEditors()}><PrettifyIcon className="graphiql-toolbar-icon" aria-hidden="true" /></ToolbarButton>
      <ToolbarButton label={t.merge} onClick={() => mergeQuery()}><MergeIcon className="graphiql-toolbar-icon" aria-hidden="true" /></ToolbarButton>
      <ToolbarButton label={t.copy} onClick={() => void copyQuery()}><CopyIcon className="graphiql-toolbar-icon" aria-hidden="true" /></ToolbarButton>
    </>
  );
}
