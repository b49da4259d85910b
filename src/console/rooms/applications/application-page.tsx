/**
 * One application: what is applied for, item by item; what each department answered, by when, and all that was done. Printed, it is the
 * approval form.
 */
import { PrinterOutlined } from '@ant-design/icons';
import { Button, Card, Col, Descriptions, Flex, Row, Table, Timeline, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { AdministratorRole } from '../../generated/enums.ts';
import { dayOf, momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { DeadlineLight, pressing } from '../../parts/deadline-light.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { partyNames, roleNames } from '../../parts/names.ts';
import { oneOrTwo, Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { ApplicationStateTag, ReviewStateTag } from '../../parts/state-tag.tsx';
import { OneApplication } from './documents.ts';
import { ApplicantButtons } from './edit-form.tsx';
import { Lines } from './lines.tsx';
import { MoveButtons } from './move-buttons.tsx';
import { reviewOf } from './moves.ts';
import type { Application } from './moves.ts';
import { Review } from './review.tsx';
import { moveTexts, ruleTexts, texts } from './texts.ts';

/** The page of an application. */
export function ApplicationPage(): ReactNode {
  const t = useTexts(texts);
  const { number = '' } = useParams();
  const session = useSession();
  const answer = useAsk(OneApplication, { number });
  const application = answer.data?.application;
  const review = application === undefined ? null : reviewOf(session, application);
  return (
    <Page
      title={number}
      above={[{ title: t.title, to: '/applications' }]}
      state={application && <><ApplicationStateTag state={application.state} />{pressing(application.deadlines) && <DeadlineLight deadline={pressing(application.deadlines)} />}</>}
      actions={application && <><MoveButtons application={application} /><ApplicantButtons application={application} /><Button icon={<PrinterOutlined />} onClick={() => print()}>{t.print}</Button></>}
    >
      <h2 className="hub-paper" style={{ textAlign: 'center', fontSize: 20 }}>{t.paperTitle}</h2>
      <Answered by={answer}>
        {({ application: own }) => (
          <Flex vertical gap={16}>
            <Content application={own} />
            {review === null ? <Card title={t.lines(own.lines.length)} styles={{ body: { paddingTop: 8 } }}><Lines lines={own.lines} /></Card> : <Review application={own} version={review.version} />}
            <Row gutter={[16, 16]}>
              <Col xs={24} xl={12}><Course application={own} /></Col>
              <Col xs={24} xl={12}><History application={own} /></Col>
            </Row>
          </Flex>
        )}
      </Answered>
      <div className="hub-paper" style={{ marginTop: 32 }}>
        <p style={{ whiteSpace: 'pre-wrap' }}>{t.signature}</p>
        <p>{t.printedAt(momentOf(new Date().toISOString()))}</p>
      </div>
    </Page>
  );
}

function Content({ application }: { readonly application: Application }): ReactNode {
  const t = useTexts(texts);
  const names = useDirectory();
  return (
    <Card title={t.content}>
      <Descriptions bordered size="small" column={oneOrTwo} styles={{ label: { width: 120 } }} items={[
        { key: 'consumer', label: t.consumer, children: <Flex gap={8} wrap align="baseline">{names.consumer(application.consumer)}<Code>{application.consumer}</Code></Flex> },
        { key: 'department', label: t.department, children: names.department(application.departmentCode) },
        { key: 'purpose', label: t.purpose, span: 'filled', children: application.purpose },
        { key: 'scenario', label: t.scenario, span: 'filled', children: application.scenario },
        { key: 'legalBasis', label: t.legalBasis, span: 'filled', children: application.legalBasis },
        { key: 'matters', label: t.matters, span: 'filled', children: <Flex gap={12} wrap>{application.matters.map((own) => <Flex key={own} gap={6} align="baseline">{names.matter(own)}<Code>{own}</Code></Flex>)}</Flex> },
        { key: 'validity', label: t.validity, children: <span className="hub-date">{application.validFrom ?? t.fromActive} — {application.validTo}</span> },
        { key: 'activated', label: t.activatedAt, children: application.activatedAt === null ? '—' : <span className="hub-date">{momentOf(application.activatedAt)}</span> },
        ...(application.supersedes === null ? [] : [{ key: 'renews', label: t.renews, children: <Link to={`/applications/${encodeURIComponent(application.supersedes)}`}><Code>{application.supersedes}</Code></Link> }]),
        ...(application.raisesQuotaOf === null ? [] : [{ key: 'raises', label: t.raises, children: <Code>{application.raisesQuotaOf}</Code> }]),
      ]} />
    </Card>
  );
}

function Course({ application }: { readonly application: Application }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  const columns: TableColumnsType<Application['deadlines'][number]> = [
    { title: t.deadlines, key: 'rule', render: (_value, { rule, departmentCode }) => <Flex vertical><span>{text(ruleTexts[rule])}</span><Typography.Text type="secondary" style={{ fontSize: 12 }}>{names.department(departmentCode)}</Typography.Text></Flex> },
    { title: t.startedOn, dataIndex: 'startedOn', width: 104, className: 'hub-date' },
    { title: t.dueOn, key: 'due', width: 124, render: (_value, { dueOn, workingDays }) => <Flex vertical><span className="hub-date">{dueOn}</span><Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.workingDays(workingDays)}</Typography.Text></Flex> },
    { title: t.state, key: 'light', width: 110, render: (_value, deadline) => <DeadlineLight deadline={deadline} /> },
  ];
  return (
    <Card title={t.reviews} styles={{ body: { paddingTop: 12 } }}>
      {application.reviews.length > 0 && (
        <Flex vertical gap={8} style={{ marginBottom: 16 }}>
          {application.reviews.map(({ departmentCode, state }) => <Flex key={departmentCode} justify="space-between"><span>{names.department(departmentCode)}</span><ReviewStateTag state={state} /></Flex>)}
        </Flex>
      )}
      <Table size="small" rowKey={({ rule, departmentCode, startedOn }) => `${rule} ${departmentCode} ${startedOn}`} columns={columns} dataSource={[...application.deadlines]} pagination={false} locale={{ emptyText: '—' }} />
    </Card>
  );
}

function History({ application }: { readonly application: Application }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  return (
    <Card title={t.history}>
      <Timeline items={application.moves.toReversed().map(({ verb, at, by, role, party, departmentCode, words }, i) => ({
        color: i === 0 ? 'blue' : 'gray',
        content: (
          <>
            <Flex gap={10} wrap align="baseline">
              <Typography.Text strong>{verb in moveTexts ? text(moveTexts[verb as keyof typeof moveTexts]) : verb}</Typography.Text>
              <Typography.Text className="hub-date" type="secondary" title={dayOf(at)}>{momentOf(at)}</Typography.Text>
            </Flex>
            <Typography.Text type="secondary" style={{ fontSize: 13 }}>
              {[text(partyNames[party]), departmentCode === null ? '' : names.department(departmentCode), role !== null && role in roleNames ? text(roleNames[role as AdministratorRole]) : '', by].filter((part) => part !== '').join(' · ')}
            </Typography.Text>
            {words !== null && words !== '' && <Typography.Paragraph style={{ margin: '4px 0 0' }}>{words}</Typography.Paragraph>}
          </>
        ),
      }))} />
    </Card>
  );
}
