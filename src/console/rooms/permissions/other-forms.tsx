/**
 * The other changes of a permission: a grant ends, an item is denied, a denial ends; and, for whoever provides it, how an item is shared.
 */
import { Flex, Form, Input, Radio, Select, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask, useAsk } from '../../api/ask.ts';
import type { Mode, ShareType } from '../../generated/enums.ts';
import type { OwnItemsQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { shareTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered } from '../../parts/problem.tsx';
import { Confirm } from './change.tsx';
import { Deny, EndDenial, EndGrant, Grant, OwnItems, SetSharingInMatrix } from './documents.ts';
import { lineInput } from './lines.ts';
import type { GrantShown } from './lines.ts';
import { changeTexts } from './texts.ts';
import type { Consumer, Item, Reason } from './view.ts';

interface FormProps {
  readonly item: Item;
  readonly mode: Mode;
  readonly onMade: () => void;
}

/** Takes an item out of a grant, or ends the grant. */
export function EndGrantForm({ item, consumer, grants, mode, onMade }: FormProps & { readonly consumer: Consumer; readonly grants: readonly GrantShown[] }): ReactNode {
  const t = useTexts(changeTexts);
  const about = grants.filter(({ tuples }) => tuples.some((line) => line.item === item.code));
  const [chosen, setChosen] = useState(about[0]?.approvalNo ?? '');
  const [whole, setWhole] = useState(false);
  const own = about.find(({ approvalNo }) => approvalNo === chosen) ?? about[0];
  if (own === undefined) return <Nothing what={t.noGrant} next={t.noGrantNext} />;
  const left = own.tuples.filter((line) => line.item !== item.code).map(lineInput);
  const { approvalNo, version, seals } = own;
  const given = { approvalNo, consumer: consumer.code, tuples: left, basedOn: version };
  const ends = whole || left.length === 0;
  const change = ends
    ? { preview: { endGrant: approvalNo }, make: () => ask(EndGrant, { approvalNo, basedOn: version }) }
    : { preview: { grant: given }, make: () => ask(Grant, { ...given, seals: [...seals] }) };
  return (
    <Flex vertical gap={16}>
      <Radio.Group aria-label={t.approvalNo} vertical value={approvalNo} onChange={({ target }) => setChosen(String(target.value))} options={about.map((one) => ({ value: one.approvalNo, label: t.lineOf(one.approvalNo, one.tuples.length) }))} />
      <Radio.Group aria-label={t.endGrant} vertical value={ends} onChange={({ target }) => setWhole(target.value === true)} options={[{ value: false, label: t.endLine, disabled: left.length === 0 }, { value: true, label: t.endWhole }]} />
      <Confirm key={`${approvalNo} ${ends}`} mode={mode} read={async () => change} onMade={onMade} />
    </Flex>
  );
}

interface DenialFilled {
  readonly code: string;
  readonly whom: 'consumer' | 'department';
  readonly because: string;
}

/** Denies an item to an application, or to a department. */
export function DenyForm({ item, consumer, mode, onMade }: FormProps & { readonly consumer: Consumer }): ReactNode {
  const t = useTexts(changeTexts);
  const [form] = Form.useForm<DenialFilled>();
  const [revision, setRevision] = useState(0);
  const read = async () => {
    const filled = await form.validateFields().catch(() => null);
    if (filled === null) return null;
    const whom = filled.whom === 'consumer' ? { consumer: consumer.code } : { department: consumer.departmentCode };
    return { preview: { denial: { whom, item: item.code } }, make: () => ask(Deny, { code: filled.code.trim(), whom, item: item.code, because: filled.because.trim() }) };
  };
  return (
    <>
      <Form<DenialFilled> form={form} layout="vertical" onValuesChange={() => setRevision((before) => before + 1)} initialValues={{ code: '', whom: 'consumer', because: '' }}>
        <Form.Item name="whom" label={t.whom}><Radio.Group vertical options={[{ value: 'consumer', label: t.whomConsumer }, { value: 'department', label: t.whomDepartment(consumer.departmentName) }]} /></Form.Item>
        <Form.Item name="code" label={t.denialCode} rules={[{ required: true, whitespace: true, message: t.denialCodeMissing }]}><Input maxLength={50} /></Form.Item>
        <Form.Item name="because" label={t.because} rules={[{ required: true, whitespace: true, message: t.becauseMissing }]}><Input.TextArea maxLength={200} rows={2} /></Form.Item>
      </Form>
      <Confirm key={revision} mode={mode} read={read} onMade={onMade} />
    </>
  );
}

/** Ends the denial of a cell. */
export function EndDenialForm({ reason: { denial, deniedBecause }, mode, onMade }: Omit<FormProps, 'item'> & { readonly reason: Reason }): ReactNode {
  const t = useTexts(changeTexts);
  if (denial === null) return null;
  return (
    <>
      <Typography.Paragraph>{t.endDenialOf(denial, deniedBecause ?? '')}</Typography.Paragraph>
      <Confirm mode={mode} read={async () => ({ preview: { endDenial: denial }, make: () => ask(EndDenial, { code: denial }) })} onMade={onMade} />
    </>
  );
}

interface SharingFilled {
  readonly shareType: ShareType;
  readonly keyShareType: ShareType | '';
  readonly condition: string;
}

/** Decides how an item is shared: for the steward of its provider. */
export function SharingForm({ item, mode, onMade }: FormProps): ReactNode {
  const own = useAsk(OwnItems, { departmentCode: item.ownerDepartmentCode });
  return (
    <Answered by={own} rows={3}>
      {({ catalogItems }) => {
        const found = (catalogItems ?? []).find(({ code }) => code === item.code);
        return found === undefined ? null : <SharingFields key={found.version} found={found} mode={mode} onMade={onMade} />;
      }}
    </Answered>
  );
}

function SharingFields({ found, mode, onMade }: Omit<FormProps, 'item'> & { readonly found: NonNullable<OwnItemsQuery['catalogItems']>[number] }): ReactNode {
  const t = useTexts(changeTexts);
  const text = useText();
  const [form] = Form.useForm<SharingFilled>();
  const [revision, setRevision] = useState(0);
  const shareType = Form.useWatch('shareType', form);
  const types = (Object.keys(shareTypeNames) as ShareType[]).map((value) => ({ value, label: text(shareTypeNames[value]) }));
  const read = async () => {
    const filled = await form.validateFields().catch(() => null);
    if (filled === null) return null;
    const keyShareType = filled.keyShareType === '' ? null : filled.keyShareType;
    return {
      preview: { sharing: [{ item: found.code, shareType: filled.shareType, keyShareType }] },
      make: () => ask(SetSharingInMatrix, { item: found.code, version: found.version, shareType: filled.shareType, keyShareType, condition: filled.condition.trim(), open: found.open && filled.shareType === 'UNCONDITIONAL' }),
    };
  };
  return (
    <>
      <Form<SharingFilled> form={form} layout="vertical" onValuesChange={() => setRevision((before) => before + 1)} initialValues={{ shareType: found.shareType, keyShareType: found.keyShareType ?? '', condition: found.condition }}>
        <Form.Item name="shareType" label={t.shareType}><Radio.Group options={types} optionType="button" /></Form.Item>
        <Form.Item name="keyShareType" label={t.keyShareType}><Select options={[{ value: '', label: t.asReading }, ...types]} /></Form.Item>
        <Form.Item name="condition" label={t.condition} rules={[{ required: shareType !== 'UNCONDITIONAL', whitespace: true, message: t.conditionMissing }]}><Input.TextArea rows={3} maxLength={500} /></Form.Item>
      </Form>
      <Confirm key={revision} mode={mode} read={read} onMade={onMade} />
    </>
  );
}
