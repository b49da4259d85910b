/**
 * Which items a version takes of an application, and which of them it lacks; what can be had is applied for in one step.
 */
import { Button, Checkbox, Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ItemsNeededByMatterQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { ApplyForm } from './apply-form.tsx';
import { ConsumerSelect } from './consumer-select.tsx';
import { ItemsNeeded } from './documents.ts';
import type { Known, Matter, Version } from './matters.ts';
import { texts } from './texts.ts';

type ItemNeeded = NonNullable<ItemsNeededByMatterQuery['itemsNeededByMatter']>[number];

/** What is needed. */
export function Needed({ matter, version: { version, state }, known }: { readonly matter: Matter; readonly version: Version; readonly known: Known }): ReactNode {
  const t = useTexts(texts);
  const { role, authority, departmentCode } = useSession();
  // A steward is told of the applications of his own department, unless he is of the data authority.
  const consumers = authority ? known.consumers : known.consumers.filter((own) => own.departmentCode === departmentCode);
  const [consumer, setConsumer] = useState(() => consumers.find((own) => own.departmentCode === matter.departmentCode)?.code ?? (consumers.length === 1 ? consumers[0]?.code : undefined));
  const [onlyLacking, setOnlyLacking] = useState(false);
  const [applying, setApplying] = useState(false);
  const needed = useAsk(ItemsNeeded, { consumer: consumer ?? '', matter: matter.code, version }, { when: consumer !== undefined });
  const items = needed.data?.itemsNeededByMatter ?? [];
  const applicable = items.filter((item) => item.applicable).length;
  const applies = role === 'STEWARD' && state === 'PUBLISHED' && applicable > 0 && known.consumers.some((own) => own.code === consumer && own.departmentCode === departmentCode);
  return (
    <>
      <Flex gap={12} align="center" wrap style={{ margin: '4px 0 12px' }}>
        <ConsumerSelect consumers={consumers} value={consumer} onChange={setConsumer} />
        <Checkbox checked={onlyLacking} onChange={({ target }) => setOnlyLacking(target.checked)}>{t.onlyLacking}</Checkbox>
        {needed.data && consumer !== undefined && <Typography.Text type="secondary">{t.lackingSum(items.length, items.filter(isLacking).length)}</Typography.Text>}
        {applies && <Button type="primary" onClick={() => setApplying(true)}>{t.apply(applicable)}</Button>}
      </Flex>
      {consumer === undefined ? <Nothing what={t.neededNothing} /> : <Answered by={needed}>{() => <Items items={onlyLacking ? items.filter(isLacking) : items} known={known} />}</Answered>}
      {consumer !== undefined && <ApplyForm open={applying} matter={matter} consumer={consumer} onDone={() => setApplying(false)} />}
    </>
  );
}

const isLacking = ({ lacking }: ItemNeeded): boolean => lacking.length > 0;

function Items({ items, known }: { readonly items: readonly ItemNeeded[]; readonly known: Known }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const columns: TableColumnsType<ItemNeeded> = [
    { title: t.item, key: 'item', width: 220, render: (_value, { item, itemName }) => <Flex vertical><Clipped>{itemName ?? item}</Clipped><Link className="hub-code" to={`/catalog/items/${encodeURIComponent(item)}`}>{item}</Link></Flex> },
    { title: t.provider, dataIndex: 'ownerDepartmentCode', width: 160, render: (code: string | null) => <Clipped>{code === null ? '—' : known.department(code)}</Clipped> },
    { title: t.uses, dataIndex: 'uses', width: 130, render: (uses: ItemNeeded['uses']) => uses.map((use) => text(namesOfUse[use])).join('、') },
    { title: t.standing, key: 'standing', width: 150, sorter: (a, b) => Number(isLacking(b)) - Number(isLacking(a)), defaultSortOrder: 'ascend', render: (_value, item) => <Standing item={item} /> },
    { title: t.why, key: 'why', render: (_value, { because, apply }) => (because === null ? '—' : <Clipped lines={2} secondary>{[because, apply].filter(Boolean).join(' ')}</Clipped>) },
  ];
  return <Table<ItemNeeded> size="small" rowKey="item" columns={columns} dataSource={[...items]} scroll={{ x: 900 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, size: 'small' }} />;
}

function Standing({ item: { lacking, applicable, masked } }: { readonly item: ItemNeeded }): ReactNode {
  const t = useTexts(texts);
  if (lacking.length > 0) return <StateTag tone={applicable ? 'waits' : 'stopped'}>{applicable ? t.canApply : t.cannotApply}</StateTag>;
  return <StateTag tone={masked ? 'waits' : 'good'}>{masked ? t.masked : t.has}</StateTag>;
}
