/**
 * Grants an item to an application: a line under an approval number, a new one or one that is there.
 */
import { AutoComplete, Checkbox, DatePicker, Flex, Form, Input, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask, useAsk } from '../../api/ask.ts';
import type { Mode, Use } from '../../generated/enums.ts';
import type { GrantTupleInput } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { modeNames, namesOfUse } from '../../parts/names.ts';
import { Confirm } from './change.tsx';
import type { Change } from './change.tsx';
import { Grant, GrantMatters } from './documents.ts';
import { boundsOf, lineInput, rowKinds } from './lines.ts';
import type { GrantShown, RowKind } from './lines.ts';
import { changeTexts } from './texts.ts';
import type { Consumer, Item } from './view.ts';

/** What is filled in. */
interface Filled {
  readonly approvalNo: string;
  readonly uses: readonly Use[];
  readonly modes: readonly Mode[];
  readonly mask: string;
  readonly matters: readonly string[];
  readonly rows: RowKind;
  readonly codes: string;
  readonly quotaPerDay: number | null;
  readonly validTo: Dayjs | null;
}

interface GrantFormProps {
  readonly item: Item;
  readonly consumer: Consumer;
  readonly mode: Mode;
  readonly grants: readonly GrantShown[];
  readonly onMade: () => void;
}

/** See the head of this file. */
export function GrantForm({ item, consumer, mode, grants, onMade }: GrantFormProps): ReactNode {
  const t = useTexts(changeTexts);
  const text = useText();
  const [form] = Form.useForm<Filled>();
  const [revision, setRevision] = useState(0);
  // Left to itself it opens, over what is told, when numbers come after it was left.
  const [choosing, setChoosing] = useState(false);
  const mask = Form.useWatch('mask', form);
  const kind = Form.useWatch('rows', form) ?? 'every';
  const matters = useAsk(GrantMatters, {});
  const own = (matters.data?.matters ?? []).filter(({ departmentCode, participants }) => departmentCode === consumer.departmentCode || participants.includes(consumer.departmentCode));
  const kindNames: Readonly<Record<RowKind, string>> = {
    every: t.everyRow, case: t.byCase, residence: t.byResidence, registration: t.byRegistration, location: t.byLocation, registrar: t.byRegistrar, category: t.byCategory, list: t.byList, authorization: t.byAuthorization,
  };
  // Not `required`: a group of boxes takes no aria-required.
  const atLeastOne = { validator: (_rule: unknown, value: readonly string[]) => (value.length > 0 ? Promise.resolve() : Promise.reject(new Error(t.usesMissing))) };
  const read = async (): Promise<Change | null> => {
    const filled = await form.validateFields().catch(() => null);
    if (filled === null) return null;
    const { approvalNo, uses, modes, matters: named, rows, codes, quotaPerDay, validTo } = filled;
    const line: GrantTupleInput = {
      item: item.code, uses: filled.mask === '' ? [...uses] : ['READ'], modes: [...modes], mask: filled.mask === '' ? null : filled.mask, bounds: [...boundsOf(rows, codes ?? '')],
      matters: named.length === 0 ? null : [...named], quotaPerDay: quotaPerDay ?? null, validTo: validTo === null ? null : `${validTo.add(1, 'day').format('YYYY-MM-DD')}T00:00:00+08:00`,
    };
    const before = grants.find((one) => one.approvalNo === approvalNo.trim());
    const given = { approvalNo: approvalNo.trim(), consumer: consumer.code, tuples: [...(before?.tuples ?? []).map(lineInput), line], basedOn: before?.version ?? null };
    return { preview: { grant: given }, make: () => ask(Grant, { ...given, seals: [...before?.seals ?? []] }) };
  };
  return (
    <>
      <Form<Filled> form={form} layout="vertical" size="middle" onValuesChange={() => setRevision((before) => before + 1)}
        initialValues={{ approvalNo: '', uses: ['READ'], modes: [mode], mask: '', matters: [], rows: 'every', codes: '', quotaPerDay: null, validTo: null }}>
        <Form.Item name="approvalNo" label={t.approvalNo} extra={t.approvalNoHint} rules={[{ required: true, whitespace: true, message: t.approvalNoMissing }]}>
          <AutoComplete options={grants.map(({ approvalNo }) => ({ value: approvalNo }))} showSearch={{ filterOption: true }} open={choosing} onOpenChange={setChoosing} onBlur={() => setChoosing(false)} />
        </Form.Item>
        <Form.Item name="mask" label={t.mask} {...(mask === '' || mask === undefined ? {} : { extra: t.maskHint })}>
          <Select options={[{ value: '', label: t.noMask }, ...item.masks.map((value) => ({ value, label: value }))]} />
        </Form.Item>
        {(mask === '' || mask === undefined) && (
          <Form.Item name="uses" label={t.uses} rules={[atLeastOne]}>
            <Checkbox.Group options={(Object.keys(namesOfUse) as Use[]).map((value) => ({ value, label: text(namesOfUse[value]) }))} />
          </Form.Item>
        )}
        <Form.Item name="modes" label={t.modes} rules={[atLeastOne]}>
          <Checkbox.Group options={(Object.keys(modeNames) as Mode[]).map((value) => ({ value, label: text(modeNames[value]) }))} />
        </Form.Item>
        <Form.Item name="matters" label={t.matters}>
          <Select mode="multiple" placeholder={t.everyMatter} loading={matters.isPending} options={own.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} showSearch={{ optionFilterProp: 'label' }} allowClear />
        </Form.Item>
        <Flex gap={12} wrap>
          <Form.Item name="rows" label={t.rows} style={{ flex: '1 1 200px' }}>
            <Select options={(Object.keys(rowKinds) as RowKind[]).map((value) => ({ value, label: kindNames[value] }))} />
          </Form.Item>
          {rowKinds[kind] && <Form.Item name="codes" label={t.codes} style={{ flex: '1 1 200px' }} rules={[{ required: true, whitespace: true, message: t.codesMissing }]}><Input /></Form.Item>}
        </Flex>
        <Flex gap={12} wrap>
          <Form.Item name="quotaPerDay" label={t.quota} extra={t.quotaHint} style={{ flex: '1 1 160px' }}><InputNumber min={1} precision={0} style={{ width: '100%' }} /></Form.Item>
          <Form.Item name="validTo" label={t.validTo} extra={t.noEnd} style={{ flex: '1 1 160px' }}><DatePicker style={{ width: '100%' }} /></Form.Item>
        </Flex>
      </Form>
      <Confirm key={revision} mode={mode} read={read} onMade={onMade} />
    </>
  );
}
