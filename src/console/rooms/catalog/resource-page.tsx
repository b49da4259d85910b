/**
 * One information resource with its national core metadata, and its items.
 */
import { Card, Descriptions, Flex, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { ShareType } from '../../generated/enums.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { dataTypeNames, formatCategoryNames, resourceStateNames, sensitivityNames, updateCycleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import { itemPath, resourcePath, useCatalog } from './catalog.ts';
import type { Item } from './catalog.ts';
import { texts } from './texts.ts';

/** The page of a resource. */
export function ResourcePage(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { code = '' } = useParams();
  const { answer, whole } = useCatalog();
  const resource = whole?.resource.get(code);
  const columns: TableColumnsType<Item> = [
    { title: t.code, dataIndex: 'code', width: 120, render: (own: string) => <Link to={itemPath(own)}><Code>{own}</Code></Link> },
    { title: t.name, dataIndex: 'name', width: 200, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.shareType, dataIndex: 'shareType', width: 118, render: (type: ShareType) => <ShareTypeTag type={type} /> },
    { title: t.sensitivity, dataIndex: 'sensitivity', width: 140, render: (level: string) => text(sensitivityNames[level] ?? { zh: level, en: level }) },
    { title: t.dataType, dataIndex: 'dataType', width: 110, render: (type: Item['dataType']) => (type === null ? '—' : text(dataTypeNames[type])) },
    { title: t.standard, dataIndex: 'standard', width: 180, ellipsis: true, render: (standard: string) => <Clipped>{standard === '' ? '—' : standard}</Clipped> },
    { title: t.condition, dataIndex: 'condition', ellipsis: true, responsive: ['xl'], render: (condition: string) => <Clipped secondary>{condition === '' ? '—' : condition}</Clipped> },
  ];
  return (
    <Page
      title={resource?.name ?? code}
      above={[{ title: t.title, to: '/catalog?list=resources' }]}
      state={resource && <><Code>{resource.code}</Code><ShareTypeTag type={resource.shareType} /><StateTag tone={resource.state === 'PUBLISHED' ? 'good' : 'still'}>{text(resourceStateNames[resource.state])}</StateTag></>}
    >
      <Answered by={answer}>
        {() => whole && (resource === undefined ? <Card><Nothing what={t.missingResource(code)} action={<Link to="/catalog">{t.back}</Link>} /></Card> : (
          <Flex vertical gap={16}>
            <Card>
              <Descriptions bordered size="small" column={{ xs: 1, lg: 2 }} styles={{ label: { width: 150 } }} items={[
                { key: 'abstract', label: t.abstract, span: 'filled', children: resource.abstract },
                { key: 'department', label: t.department, children: <Flex gap={8} wrap align="baseline">{resource.departmentName}<Code>{resource.departmentCode}</Code></Flex> },
                { key: 'uscc', label: t.uscc, children: resource.providerUscc === '' ? '—' : <Code>{resource.providerUscc}</Code> },
                { key: 'format', label: t.format, children: [text(formatCategoryNames[resource.formatCategory]), resource.formatType, resource.formatNote].filter(Boolean).join(' · ') },
                { key: 'mode', label: t.shareMode, children: resource.shareMode },
                { key: 'cycle', label: t.updateCycle, children: text(updateCycleNames[resource.updateCycle]) },
                { key: 'published', label: t.publishedOn, children: resource.publishedOn },
                { key: 'open', label: t.openCondition, children: resource.openCondition === '' ? '—' : resource.openCondition },
                { key: 'related', label: t.related, children: resource.relatedCodes.length === 0 ? '—' : <Flex gap={8} wrap align="baseline">{resource.relatedCodes.map((own) => <Link key={own} to={resourcePath(own)}><Code>{own}</Code></Link>)}</Flex> },
              ]} />
            </Card>
            <Card title={t.items} styles={{ body: { paddingTop: 8 } }}>
              <Table<Item> size="small" rowKey="code" columns={columns} dataSource={whole.items.filter((item) => item.resource === resource.code)} scroll={{ x: 900 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} />
            </Card>
          </Flex>
        ))}
      </Answered>
    </Page>
  );
}
