/**
 * Supply and use (评价): a period and a department are chosen, stand in the address, and are shown as sums, charts and tables; the report
 * (报送) of the same comes as a file. The data authority sees all departments, others themselves.
 */
import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Card, Col, DatePicker, Flex, Row, Select, Skeleton, Statistic, Tabs, Typography } from 'antd';
import { useMutation } from '@tanstack/react-query';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { lazy, Suspense, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { ask, useAsk } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import { useSession } from '../../api/session.ts';
import type { EvaluationFormat } from '../../generated/enums.ts';
import { momentOf, numberOf, useText, useTexts } from '../../language/language.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { File, Period } from './documents.ts';
import { figureOf, sumOf } from './figures.ts';
import type { Evaluation } from './figures.ts';
import { Figures, Grants } from './tables.tsx';
import { figureTexts, texts } from './texts.ts';

const Chart = lazy(() => import('./chart.tsx'));
const monthForm = 'YYYY-MM';

export default function EvaluationRoom(): ReactNode {
  const t = useTexts(texts);
  const { authority } = useSession();
  const [search, setSearch] = useSearchParams();
  const now = dayjs();
  const from = monthIn(search.get('from'), now.startOf('year'));
  const to = monthIn(search.get('to'), now);
  const department = search.get('department');
  const variables = { from: from.format('YYYY-MM-01'), to: to.format('YYYY-MM-01'), departmentCode: department };
  const answer = useAsk(Period, variables);
  // Whom one may choose from does not shrink with the choice.
  const everybody = useAsk(Period, { ...variables, departmentCode: null }, { when: authority });
  const set = (change: Readonly<Record<string, string | null>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value === null) before.delete(name);
      else before.set(name, value);
    }
    return before;
  });
  const choose = (range: readonly (Dayjs | null)[] | null): void => set({ from: range?.[0]?.format(monthForm) ?? null, to: range?.[1]?.format(monthForm) ?? null });
  return (
    <Page title={t.title} about={t.about} actions={<Files variables={variables} />}>
      <Card>
        <Flex component="search" gap={8} wrap align="center" style={{ marginBottom: 16 }}>
          <DatePicker.RangePicker picker="month" aria-label={t.period} allowClear={false} value={[from, to]} onChange={choose} presets={[
            { label: t.thisMonth, value: [now, now] }, { label: t.lastMonth, value: [now.subtract(1, 'month'), now.subtract(1, 'month')] }, { label: t.thisYear, value: [now.startOf('year'), now] },
          ]} />
          {authority && <Select allowClear showSearch={{ optionFilterProp: 'label' }} aria-label={t.department} placeholder={t.everyDepartment} style={{ width: 240 }} value={department} onChange={(code) => set({ department: code ?? null })}
            options={(everybody.data?.evaluation.departments ?? []).map(({ departmentCode, departmentName }) => ({ value: departmentCode, label: departmentName }))} />}
          <Typography.Text type="secondary" className="hub-date">{answer.data === undefined ? '' : answer.data.evaluation.countedTo === null ? t.notCounted : t.countedTo(momentOf(answer.data.evaluation.countedTo))}</Typography.Text>
        </Flex>
        <p className="hub-paper">{t.paperPeriod(from.format(monthForm), to.format(monthForm), authority && department === null ? t.everyDepartment : answer.data?.evaluation.departments[0]?.departmentName ?? '')}</p>
        <Answered by={answer} rows={10}>{({ evaluation }) => (evaluation.departments.length === 0 ? <Nothing what={t.nothing} next={t.nothingNext} /> : <Shown evaluation={evaluation} tab={search.get('tab') ?? 'charts'} onTab={(tab) => set({ tab })} />)}</Answered>
      </Card>
    </Page>
  );
}

/** A month of the address; what is none is the usual one. */
function monthIn(text: string | null, usual: Dayjs): Dayjs {
  const month = text !== null && /^\d{4}-\d{2}$/.test(text) ? dayjs(`${text}-01`) : usual;
  return month.isValid() ? month : usual;
}

function Files({ variables }: { readonly variables: { readonly from: string; readonly to: string; readonly departmentCode: string | null } }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const file = useMutation<void, Problem, EvaluationFormat>({
    mutationFn: async (format) => {
      const { evaluationFile } = await ask(File, { ...variables, format });
      const name = `${t.title}-${variables.from.slice(0, 7)}-${variables.to.slice(0, 7)}`;
      if (format === 'CSV') saveFile(`${name}.csv`, 'text/csv;charset=utf-8', evaluationFile);
      else saveFile(`${name}.xlsx`, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', Uint8Array.from(atob(evaluationFile), (one) => one.charCodeAt(0)));
    },
    onError: (problem) => void message.error(problem.message),
  });
  return (
    <>
      <Button icon={<DownloadOutlined />} loading={file.isPending && file.variables === 'CSV'} onClick={() => file.mutate('CSV')}>{t.csv}</Button>
      <Button icon={<DownloadOutlined />} loading={file.isPending && file.variables === 'XLSX'} onClick={() => file.mutate('XLSX')}>{t.xlsx}</Button>
      {file.error !== null && <ProblemShown problem={file.error} />}
    </>
  );
}

function Shown({ evaluation, tab, onTab }: { readonly evaluation: Evaluation; readonly tab: string; readonly onTab: (tab: string) => void }): ReactNode {
  const t = useTexts(texts);
  const { months, departments, grants } = evaluation;
  const names = useMemo(() => new Map(departments.map(({ departmentCode, departmentName }) => [departmentCode, departmentName])), [departments]);
  const parts = [
    { key: 'charts', label: t.charts, children: <Charts evaluation={evaluation} /> },
    { key: 'departments', label: t.departments, children: <Figures rows={departments} months={false} /> },
    { key: 'months', label: t.months, children: <Figures rows={months} months /> },
    { key: 'grants', label: `${t.grants}${grants.length === 0 ? '' : ` ${grants.length}`}`, children: <Grants grants={grants} nameOf={(code) => names.get(code) ?? code} /> },
  ];
  return (
    <>
      <Sums departments={departments} />
      <h2 className="hub-paper" style={{ fontSize: 15 }}>{parts.find(({ key }) => key === tab)?.label}</h2>
      <Tabs destroyOnHidden activeKey={tab} onChange={onTab} items={parts} />
    </>
  );
}

function Sums({ departments }: { readonly departments: Evaluation['departments'] }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const sum = (name: Parameters<typeof sumOf>[1]): number => sumOf(departments, name);
  const due = sum('deadlinesKept') + sum('deadlinesMissed');
  const sums = [
    { title: text(figureTexts.answers), value: numberOf(sum('answers')), below: `${text(figureTexts.items)} ${numberOf(sum('items'))}` },
    { title: text(figureTexts.requests), value: numberOf(sum('requests')), below: t.refusedOf(numberOf(sum('refused'))) },
    { title: text(figureTexts.papersSaved), value: numberOf(sum('papersSaved')), below: t.ofAsked(numberOf(sum('papersAsked'))) },
    { title: t.kept, value: due === 0 ? '—' : `${Math.round((sum('deadlinesKept') * 1000) / due) / 10}%`, below: t.ofDue(numberOf(sum('deadlinesKept')), numberOf(due)) },
  ];
  return (
    <Row gutter={[16, 16]} style={{ marginBottom: 8 }}>
      {sums.map(({ title, value, below }) => (
        <Col key={title} xs={12} xl={6}><Card size="small" style={{ background: '#f7f9fb' }}><Statistic title={title} value={value} /><Typography.Text type="secondary" className="hub-number">{below}</Typography.Text></Card></Col>
      ))}
    </Row>
  );
}

function Charts({ evaluation: { months, departments } }: { readonly evaluation: Evaluation }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const byMonth = useMemo(() => {
    const rows = [...Map.groupBy(months, ({ month }) => month ?? '')].sort(([a], [b]) => (a < b ? -1 : 1));
    return { categories: rows.map(([month]) => month), series: (['requests', 'answers', 'papersSaved'] as const).map((name) => ({ name: text(figureTexts[name]), values: rows.map(([, own]) => sumOf(own, name)) })) };
  }, [months, text]);
  const byDepartment = useMemo(() => {
    const rows = departments.filter((row) => figureOf(row, 'answers') + figureOf(row, 'requests') > 0).toSorted((a, b) => figureOf(b, 'answers') + figureOf(b, 'requests') - figureOf(a, 'answers') - figureOf(a, 'requests')).slice(0, 15);
    return { categories: rows.map(({ departmentName }) => departmentName), series: (['answers', 'requests'] as const).map((name) => ({ name: text(figureTexts[name]), values: rows.map((row) => figureOf(row, name)) })) };
  }, [departments, text]);
  return (
    <Suspense fallback={<Skeleton active paragraph={{ rows: 6 }} />}>
      <Typography.Title level={2} style={{ fontSize: 15 }}>{t.byMonth}</Typography.Title>
      <Chart label={t.chartText(t.byMonth)} {...byMonth} />
      <Typography.Title level={2} style={{ fontSize: 15, marginTop: 24 }}>{t.byDepartment}</Typography.Title>
      {byDepartment.categories.length === 0 ? <Nothing what={t.nothing} /> : <Chart label={t.chartText(t.byDepartment)} {...byDepartment} lying height={80 + byDepartment.categories.length * 44} />}
    </Suspense>
  );
}
