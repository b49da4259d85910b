/**
 * The catalog as a file, out and in: the table that departments fill in, or JSON.
 */
import { DownloadOutlined, UploadOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Upload } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { ask, useChange } from '../../api/ask.ts';
import { Problem } from '../../api/problem.ts';
import type { CatalogFormat } from '../../generated/enums.ts';
import { dayOf, useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { CatalogFile, ImportCatalog } from './documents.ts';
import { editTexts } from './edit-texts.ts';

/** The mark by which spreadsheets know UTF-8. */
const mark = '\uFEFF';

/** A table as text: UTF-8, or what Chinese spreadsheets write where nobody has told them (GB 18030). The mark is not of it. */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Takes the catalog out. */
export function ExportButton(): ReactNode {
  const t = useTexts(editTexts);
  const { modal } = App.useApp();
  const [busy, setBusy] = useState(false);
  const take = async (format: CatalogFormat): Promise<void> => {
    setBusy(true);
    try {
      const { catalogFile } = await ask(CatalogFile, { format, departmentCode: null });
      const text = catalogFile ?? '';
      saveFile(`catalog-${dayOf(new Date())}.${format.toLowerCase()}`, format === 'CSV' ? 'text/csv;charset=utf-8' : 'application/json', format === 'CSV' && !text.startsWith(mark) ? `${mark}${text}` : text);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      modal.error({ title: t.exportFailed, content: <ProblemShown problem={error} /> });
    } finally {
      setBusy(false);
    }
  };
  const items = [{ key: 'CSV', label: t.exportCsv, onClick: () => void take('CSV') }, { key: 'JSON', label: t.exportJson, onClick: () => void take('JSON') }];
  return <Dropdown menu={{ items }} trigger={['click']}><Button icon={<DownloadOutlined />} loading={busy}>{t.export}</Button></Dropdown>;
}

/** Takes a table in: a draft for each of its resources, or none. */
export function ImportButton(): ReactNode {
  const t = useTexts(editTexts);
  const go = useNavigate();
  const { message, modal } = App.useApp();
  const change = useChange(ImportCatalog);
  const take = async (file: File): Promise<void> => {
    change.mutate({ csv: textOf(await file.arrayBuffer()) }, {
      onSuccess: ({ importCatalog }) => {
        void message.success(t.imported(importCatalog?.length ?? 0));
        void go('/catalog?list=drafts');
      },
      onError: (problem) => modal.error({ title: t.importRefused, width: 640, content: <ProblemShown problem={problem} /> }),
    });
  };
  return (
    <Upload accept=".csv,text/csv" showUploadList={false} beforeUpload={(file) => {
      void take(file);
      return false;
    }}><Button icon={<UploadOutlined />} loading={change.isPending}>{t.import}</Button></Upload>
  );
}
