/**
 * One cell, opened: why it is as it is, and what whoever looks at it may change of it.
 */
import { Divider, Drawer, Flex, Skeleton, Tabs, Typography } from 'antd';
import type { TabsProps } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { Mode } from '../../generated/enums.ts';
import { useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { ShareTypeTag } from '../../parts/state-tag.tsx';
import type { Asked } from './choice.ts';
import { Grants } from './documents.ts';
import { GrantForm } from './grant-form.tsx';
import { DenyForm, EndDenialForm, EndGrantForm, SharingForm } from './other-forms.tsx';
import { useReason } from './reason.ts';
import type { Cell } from './reason.ts';
import { TerritoryForm } from './territory-form.tsx';
import { changeTexts, territoryTexts, texts } from './texts.ts';
import type { Reason } from './view.ts';
import { BeforeShown, ReasonShown } from './why.tsx';

/** A cell that is open. */
export interface Opened extends Cell {
  readonly before: Reason | null | undefined;
}

interface DrawerProps {
  /** Null: closed. */
  readonly cell: Opened | null;
  /** What the matrix was asked for. */
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly onClosed: () => void;
}

/** See the head of this file. */
export function CellDrawer({ cell, asked, onClose, onClosed }: DrawerProps): ReactNode {
  const t = useTexts(texts);
  return (
    <Drawer open={cell !== null} onClose={onClose} afterOpenChange={(open) => !open && onClosed()} size={640} destroyOnHidden closable={{ 'aria-label': t.close }}
      title={cell === null ? null : <Flex gap={8} align="center" wrap><span>{cell.item.name}</span><Code>{cell.item.code}</Code><ShareTypeTag type={cell.item.shareType} /></Flex>}>
      {cell !== null && <Opened {...cell} asked={asked} onMade={onClose} />}
    </Drawer>
  );
}

function Opened({ before, asked, onMade, ...cell }: Opened & { readonly asked: Asked; readonly onMade: () => void }): ReactNode {
  const t = useTexts(texts);
  const { item, consumer } = cell;
  const told = useReason(asked, cell);
  const { role, authority, departmentCode } = useSession();
  const decides = role === 'SECURITY' && authority;
  const provides = role === 'STEWARD' && departmentCode === item.ownerDepartmentCode;
  return (
    <>
      <Typography.Paragraph style={{ marginBlockEnd: 12 }}>
        <Typography.Text strong>{consumer.name}</Typography.Text> <Code>{consumer.code}</Code> <Typography.Text type="secondary">{consumer.departmentName}</Typography.Text>
      </Typography.Paragraph>
      <section aria-label={t.why}>
        <ReasonShown cell={cell} told={told} />
        {before !== undefined && <BeforeShown before={before} />}
      </section>
      <Flex gap={16} style={{ marginBlockStart: 10 }}>
        <Link to={`/view-as?consumer=${encodeURIComponent(consumer.code)}`}>{t.viewAs}</Link>
        <Link to={`/catalog/items/${encodeURIComponent(item.code)}`}>{t.itemPage}</Link>
      </Flex>
      <Divider titlePlacement="start" style={{ marginBlock: 16 }}>{t.change}</Divider>
      {asked.at !== null ? <Typography.Text type="secondary">{t.readOnly}</Typography.Text>
        : decides ? told.reason !== undefined && <Decide item={item} consumer={consumer} reason={told.reason} mode={asked.mode} onMade={onMade} />
          : provides ? <SharingForm item={item} mode={asked.mode} onMade={onMade} />
            : <Typography.Text type="secondary">{t.notYours}</Typography.Text>}
    </>
  );
}

function Decide({ item, consumer, reason, mode, onMade }: Pick<Cell, 'item' | 'consumer'> & { readonly reason: Reason; readonly mode: Mode; readonly onMade: () => void }): ReactNode {
  const t = useTexts(changeTexts);
  const territory = useTexts(territoryTexts);
  const answer = useAsk(Grants, { consumer: consumer.code });
  const granted = reason.ways.some(({ approvalNo }) => approvalNo !== null);
  const [tab, setTab] = useState(reason.denial !== null ? 'endDenial' : granted ? 'endGrant' : 'grant');
  if (answer.error !== null) return <ProblemShown problem={answer.error} again={() => void answer.refetch()} />;
  const grants = answer.data?.grants;
  if (grants === undefined || grants === null || answer.isPlaceholderData) return <Skeleton active paragraph={{ rows: 5 }} />;
  const common = { item, consumer, mode, onMade };
  const items: TabsProps['items'] = [
    ...(reason.denial === null ? [] : [{ key: 'endDenial', label: t.endDenial, children: <EndDenialForm reason={reason} mode={mode} onMade={onMade} /> }]),
    { key: 'grant', label: t.grant, children: <GrantForm {...common} grants={grants} /> },
    { key: 'endGrant', label: t.endGrant, children: <EndGrantForm {...common} grants={grants} /> },
    ...(reason.denial === null ? [{ key: 'deny', label: t.deny, children: <DenyForm {...common} /> }] : []),
    { key: 'territory', label: territory.tab, children: <TerritoryForm consumer={consumer} onMade={onMade} /> },
  ];
  return <Tabs size="small" activeKey={tab} onChange={setTab} items={items} destroyOnHidden />;
}
