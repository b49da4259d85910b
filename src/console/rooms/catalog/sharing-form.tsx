/**
 * How an item is shared, changed by the steward of the department that provides it: in force with the next question.
 */
import { App, Button, Form, Input, Modal, Select, Switch, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import type { ShareType } from '../../generated/enums.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { shareTypeNames } from '../../parts/names.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import type { Item } from './catalog.ts';
import { SetSharing } from './documents.ts';
import { editTexts } from './edit-texts.ts';

interface Given {
  readonly shareType: ShareType;
  readonly keyShareType?: ShareType | null;
  readonly condition?: string;
  readonly open?: boolean;
}

/** The fields of how something is shared, also in an item's form. */
export function SharingFields(): ReactNode {
  const t = useTexts(editTexts);
  const text = useText();
  const types = (Object.keys(shareTypeNames) as ShareType[]).map((value) => ({ value, label: text(shareTypeNames[value]) }));
  return (
    <>
      <Form.Item name="shareType" label={t.shareType} rules={[{ required: true, message: t.missing }]}><Select options={types} /></Form.Item>
      <Form.Item name="keyShareType" label={t.keyShareType}><Select allowClear placeholder={t.asReading} options={types} /></Form.Item>
      <Form.Item name="condition" label={t.condition} dependencies={['shareType', 'keyShareType']} rules={[({ getFieldValue }) => ({
        validator: (_rule, value: string | undefined) => ([getFieldValue('shareType'), getFieldValue('keyShareType')].some((type) => type === 'CONDITIONAL' || type === 'NOT_SHARED') && (value ?? '').trim() === '' ? Promise.reject(new Error(t.conditionMissing)) : Promise.resolve()),
      })]}><Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} showCount /></Form.Item>
      <Form.Item name="open" label={t.open} valuePropName="checked"><Switch /></Form.Item>
    </>
  );
}

/** The button, and what it opens. */
export function ChangeSharing({ item }: { readonly item: Item }): ReactNode {
  const t = useTexts(editTexts);
  const { message } = App.useApp();
  const [form] = Form.useForm<Given>();
  const [open, setOpen] = useState(false);
  const change = useChange(SetSharing);
  const leave = (): void => {
    setOpen(false);
    change.reset();
  };
  const send = ({ shareType, keyShareType = null, condition = '', open: isOpen = false }: Given): void => change.mutate({ item: item.code, version: item.version, shareType, keyShareType, condition: condition.trim(), open: isOpen }, {
    onSuccess: () => {
      void message.success(t.saved);
      leave();
    },
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.setSharing}</Button>
      <Modal open={open} destroyOnHidden title={`${t.setSharing} · ${item.name}`} okText={t.save} cancelText={t.cancel} okButtonProps={{ loading: change.isPending }} onOk={() => form.submit()} onCancel={leave}>
        <Typography.Paragraph type="secondary">{t.setSharingWhy}</Typography.Paragraph>
        {change.error && <ProblemShown problem={change.error} />}
        <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={send} initialValues={{ shareType: item.shareType, keyShareType: item.keyShareType, condition: item.condition, open: item.open }}><SharingFields /></Form>
      </Modal>
    </>
  );
}
