/**
 * View as: what an application would get of an operation, and why each field is shown or withheld. It is told from policy alone.
 */
import { Alert, Button, Card, Checkbox, DatePicker, Flex, Form, Input, Segmented, Select, Tabs } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { Mode } from '../../generated/enums.ts';
import type { ViewpointsQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { modeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { examples, Explain, Viewpoints } from './documents.ts';
import { ItemsShown } from './items.tsx';
import { OperationShown } from './operation.tsx';
import { PastPicker } from './past.tsx';
import type { PastOperation } from './past.tsx';
import { texts } from './texts.ts';

/** As whom it is viewed, as it stands in the address. */
interface Viewpoint {
  readonly consumer: string;
  readonly matter: string;
  readonly underCase: boolean;
  readonly mode: Mode;
  readonly day: string;
}

function useViewpoint(): { readonly viewpoint: Viewpoint; readonly choose: (change: Readonly<Record<string, string>>) => void; readonly tab: string } {
  const [search, setSearch] = useSearchParams();
  const of = (name: string): string => search.get(name) ?? '';
  const choose = (change: Readonly<Record<string, string>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value === '') before.delete(name);
      else before.set(name, value);
    }
    return before;
  }, { replace: true });
  return { viewpoint: { consumer: of('consumer'), matter: of('matter'), underCase: of('case') === '1', mode: (of('mode') || 'QUERY') as Mode, day: of('day') }, choose, tab: of('tab') };
}

/** The room. */
export default function ViewAsRoom(): ReactNode {
  const t = useTexts(texts);
  const { role, authority, departmentCode } = useSession();
  const { viewpoint, choose, tab } = useViewpoint();
  const answer = useAsk(Viewpoints, {});
  const at = viewpoint.day === '' ? null : `${viewpoint.day}T23:59:59.999+08:00`;
  const shown = tab === 'items' ? 'items' : 'operation';
  const items = viewpoint.consumer === '' ? <Nothing what={t.first} /> : <ItemsShown consumer={viewpoint.consumer} mode={viewpoint.mode} at={at} />;
  return (
    <Page title={t.title} about={t.about}>
      <Answered by={answer}>
        {(told) => {
          const own = told.consumers?.find(({ code }) => code === viewpoint.consumer);
          // As the hub tells it: of other departments' applications a steward hears what concerns his department's items.
          const tellsAll = role !== 'STEWARD' || authority || own === undefined || own.departmentCode === departmentCode;
          return (
            <Flex vertical gap={16}>
              <Card><Viewpoint viewpoint={viewpoint} choose={choose} told={told} withMatter={shown === 'operation'} /></Card>
              {!tellsAll && <Alert type="info" showIcon title={t.ownItemsOnly} />}
              <Card styles={{ body: { paddingTop: 4 } }}>
                <Tabs activeKey={shown} onChange={(next) => choose({ tab: next === 'operation' ? '' : next })} destroyOnHidden items={[{ key: 'operation', label: t.operationTab, children: <Operation viewpoint={viewpoint} choose={choose} at={at} withPast={tellsAll && own !== undefined} /> }, { key: 'items', label: t.itemsTab, children: items }]} />
              </Card>
            </Flex>
          );
        }}
      </Answered>
    </Page>
  );
}

interface ViewpointProps {
  readonly viewpoint: Viewpoint;
  readonly choose: (change: Readonly<Record<string, string>>) => void;
  readonly told: ViewpointsQuery;
  readonly withMatter: boolean;
}

function Viewpoint({ viewpoint: { consumer, matter, underCase, mode, day }, choose, told, withMatter }: ViewpointProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const own = told.consumers?.find(({ code }) => code === consumer);
  const matters = (told.matters ?? []).filter(({ departmentCode, participants }) => own !== undefined && (own.servicePlatform || departmentCode === own.departmentCode || participants.includes(own.departmentCode)));
  return (
    <Flex gap={12} wrap align="center">
      <Select aria-label={t.consumer} placeholder={t.chooseConsumer} value={consumer || undefined} onChange={(code: string) => choose({ consumer: code, matter: '' })} showSearch={{ optionFilterProp: 'label' }} options={(told.consumers ?? []).map(({ code, name, departmentName }) => ({ value: code, label: `${name}（${departmentName}） ${code}` }))} style={{ width: 340 }} />
      {withMatter && <Select allowClear aria-label={t.matter} placeholder={t.noMatter} value={matter || undefined} disabled={own === undefined} onChange={(code?: string) => choose({ matter: code ?? '' })} showSearch={{ optionFilterProp: 'label' }} options={matters.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} style={{ width: 300 }} />}
      {withMatter && <Checkbox checked={underCase} onChange={({ target }) => choose({ case: target.checked ? '1' : '' })}>{t.underCase}</Checkbox>}
      <Segmented<Mode> aria-label={t.mode} value={mode} onChange={(next) => choose({ mode: next === 'QUERY' ? '' : next })} options={(Object.keys(modeNames) as Mode[]).map((value) => ({ value, label: text(modeNames[value]) }))} />
      <DatePicker aria-label={t.day} placeholder={t.day} value={day === '' ? null : dayjs(day)} onChange={(next: dayjs.Dayjs | null) => choose({ day: next?.format('YYYY-MM-DD') ?? '' })} disabledDate={(one) => one.isAfter(dayjs().subtract(1, 'day'), 'day')} style={{ width: 180 }} />
    </Flex>
  );
}

interface Filled {
  readonly document: string;
  readonly variables: string;
}

interface OperationProps {
  readonly viewpoint: Viewpoint;
  readonly choose: (change: Readonly<Record<string, string>>) => void;
  readonly at: string | null;
  /** Is one told what the application has really asked? */
  readonly withPast: boolean;
}

function Operation({ viewpoint: { consumer, matter, underCase, mode }, choose, at, withPast }: OperationProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [form] = Form.useForm<Filled>();
  const [asked, setAsked] = useState<{ readonly document: string; readonly variables: unknown } | null>(null);
  const answer = useAsk(Explain, { consumer, document: asked?.document ?? '', variables: asked?.variables ?? null, matter: matter === '' ? null : matter, underCase, mode, at }, { when: asked !== null && consumer !== '' });
  const run = ({ document, variables }: Filled): void => setAsked({ document, variables: variables.trim() === '' ? null : JSON.parse(variables) as unknown });
  const pick = ({ document, variables, matter: past, underCase: inCase, mode: by }: PastOperation): void => {
    form.setFieldsValue({ document, variables: Object.keys(variables as object).length === 0 ? '' : JSON.stringify(variables, null, 2) });
    setAsked({ document, variables });
    choose({ matter: past ?? '', case: inCase ? '1' : '', mode: by === 'QUERY' ? '' : by });
  };
  return (
    <Flex vertical gap={16} style={{ paddingTop: 8 }}>
      <Form<Filled> form={form} layout="vertical" initialValues={{ document: examples[0]?.document ?? '', variables: '' }} onFinish={run}>
        {withPast && <PastPicker key={consumer} consumer={consumer} onPick={pick} />}
        <Flex gap={8} wrap align="center" style={{ marginBlockEnd: 8 }}>
          <span>{t.examples}</span>
          {examples.map(({ name, document }) => <Button key={name.en} size="small" onClick={() => form.setFieldsValue({ document, variables: '' })}>{text(name)}</Button>)}
        </Flex>
        <Flex gap={16} wrap align="flex-start">
          <Form.Item name="document" label={t.query} style={{ flex: '3 1 420px' }} rules={[{ required: true, whitespace: true, message: t.queryHint }]}><Input.TextArea className="hub-code" autoSize={{ minRows: 8, maxRows: 20 }} spellCheck={false} style={{ whiteSpace: 'pre' }} /></Form.Item>
          <Form.Item name="variables" label={t.variables} style={{ flex: '1 1 220px' }} rules={[{ validator: (_rule, value: string) => (isObject(value) ? Promise.resolve() : Promise.reject(new Error(t.variablesWrong))) }]}><Input.TextArea className="hub-code" autoSize={{ minRows: 8, maxRows: 20 }} spellCheck={false} /></Form.Item>
        </Flex>
        <Button type="primary" htmlType="submit" disabled={consumer === ''} loading={answer.isFetching}>{t.run}</Button>
      </Form>
      {consumer === '' || asked === null
        ? <Nothing what={consumer === '' ? t.first : t.queryHint} next={t.firstNext} />
        : <Answered by={answer}>{({ explain }) => explain && <OperationShown explanation={explain} />}</Answered>}
    </Flex>
  );
}

function isObject(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
