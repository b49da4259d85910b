/**
 * A draft as it is edited: on the left what it is made of, on the right the part that is chosen. It is changed here and saved as a
 * whole; what the hub does not take is marked at its place and in the list, and nothing is lost meanwhile.
 */
import { DeleteOutlined, ArrowDownOutlined, ArrowUpOutlined, ExclamationCircleFilled, PlusOutlined } from '@ant-design/icons';
import { Alert, App, Button, Flex, Menu, Tooltip, Typography } from 'antd';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { isOvertaken } from '../../api/problem.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { anyWithin, faultsOf, freeName } from './definition.ts';
import type { Definition, Fact, Faults } from './definition.ts';
import { DraftVersion } from './documents.ts';
import { FactForm } from './fact-form.tsx';
import { ClaimsForm, MatterForm, SubjectsForm } from './parts-form.tsx';
import { formNames, texts } from './texts.ts';

interface DraftEditorProps {
  readonly matter: string;
  /** As the hub has it. */
  readonly kept: Definition;
  readonly revision: string;
  readonly onDirty: (dirty: boolean) => void;
}

/** What is not saved yet, and from which revision it began; null: from whatever stands, since its editor was told that it is another. */
interface Edited {
  readonly definition: Definition;
  readonly basedOn: string | null;
}

/** Edits, and saves. */
export function DraftEditor({ matter, kept, revision, onDirty }: DraftEditorProps): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [edited, setEdited] = useState<Edited | null>(null);
  const [part, setPart] = useState('fact-0');
  const save = useChange(DraftVersion);
  const definition = edited?.definition ?? kept;
  const faults = faultsOf(save.error);
  const change = (change: Partial<Definition>): void => setEdited({ definition: { ...definition, ...change }, basedOn: edited === null ? revision : edited.basedOn });
  const dirty = edited !== null;
  useEffect(() => {
    onDirty(dirty);
    if (!dirty) return undefined;
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => {
      removeEventListener('beforeunload', stay);
      onDirty(false);
    };
  }, [dirty, onDirty]);
  const send = (): void => save.mutate({ matter, definition, basedOn: edited?.basedOn ?? revision }, {
    onSuccess: () => {
      setEdited(null);
      void message.success(t.saved);
    },
    onError: (problem) => {
      if (isOvertaken(problem)) setEdited({ definition, basedOn: null });
      const [first] = faultsOf(problem).keys();
      if (first !== undefined) setPart(partOf(first));
    },
  });
  return (
    <>
      {save.error && (faults.size === 0 ? <ProblemShown problem={save.error} {...(isOvertaken(save.error) ? { next: t.overtaken } : {})} /> : <Alert type="warning" showIcon role="alert" style={{ marginBottom: 12 }} title={t.faults(faults.size)} description={t.faultsNext} />)}
      <Flex gap={16} align="flex-start">
        <PartsMenu definition={definition} faults={faults} part={part} onPart={setPart} onFacts={(facts) => change({ facts })} />
        <div style={{ flex: 1, minWidth: 0, maxWidth: 860 }}>
          <Part {...{ part, definition, faults }} onChange={change} onPart={setPart} />
          <Flex gap={8} align="center" style={{ marginTop: 12 }}>
            <Button type="primary" disabled={!dirty} loading={save.isPending} onClick={send}>{t.save}</Button>
            {dirty && <Button onClick={() => {
              setEdited(null);
              save.reset();
            }}>{t.discard}</Button>}
            {dirty && <StateTag tone="waits">{t.unsaved}</StateTag>}
          </Flex>
        </div>
      </Flex>
    </>
  );
}

/** The part of the editor where a place is: `facts[3].ask`. */
function partOf(place: string): string {
  const fact = /^facts\[(\d+)\]/.exec(place);
  if (fact !== null) return `fact-${fact[1]}`;
  return place.startsWith('subjects') ? 'subjects' : place.startsWith('claims') ? 'claims' : 'matter';
}

interface PartsMenuProps {
  readonly definition: Definition;
  readonly faults: Faults;
  readonly part: string;
  readonly onPart: (part: string) => void;
  readonly onFacts: (facts: readonly Fact[]) => void;
}

function PartsMenu({ definition: { subjects, facts }, faults, part, onPart, onFacts }: PartsMenuProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const wrong = (place: string): ReactNode => anyWithin(faults, place) && <ExclamationCircleFilled aria-label={t.faulty} style={{ color: '#c11f2b', marginInlineStart: 6 }} />;
  const add = (): void => {
    onFacts([...facts, { code: freeName('fact', facts.map(({ code }) => code)), name: '', paper: null, of: subjects[0]?.role ?? '', form: 'PREDICATE', ask: '' }]);
    onPart(`fact-${facts.length}`);
  };
  const items = [
    { key: 'matter', label: <>{t.matterPart}{wrong('legalBasis')}{wrong('implementationCode')}{wrong('followedDays')}</> },
    { key: 'subjects', label: <>{t.subjectsPart}{wrong('subjects')}</> },
    { key: 'claims', label: <>{t.claimsPart}{wrong('claims')}</> },
    { type: 'divider' as const },
    ...facts.map(({ code, name, form }, i) => ({ key: `fact-${i}`, label: (
      <Flex justify="space-between" gap={8} align="center">
        <Typography.Text ellipsis style={{ color: 'inherit', flex: 1 }}>{name === '' ? code : name}</Typography.Text>
        <Typography.Text type="secondary" style={{ fontSize: 12 }}>{text(formNames[form])}</Typography.Text>
        {wrong(`facts[${i}]`)}
      </Flex>
    ) })),
  ];
  return (
    <nav aria-label={t.factsTab} style={{ width: 270, flex: 'none' }}>
      <div style={{ maxHeight: '58vh', overflow: 'auto' }}><Menu className="hub-menu" mode="inline" selectedKeys={[part]} items={items} onClick={({ key }) => onPart(key)} /></div>
      <Button icon={<PlusOutlined />} block type="dashed" style={{ marginTop: 8 }} onClick={add}>{t.addFact}</Button>
    </nav>
  );
}

interface PartProps {
  readonly part: string;
  readonly definition: Definition;
  readonly faults: Faults;
  readonly onChange: (change: Partial<Definition>) => void;
  readonly onPart: (part: string) => void;
}

function Part({ part, definition, faults, onChange, onPart }: PartProps): ReactNode {
  const t = useTexts(texts);
  if (part === 'matter') return <MatterForm {...{ definition, faults, onChange }} />;
  if (part === 'subjects') return <SubjectsForm {...{ definition, faults, onChange }} />;
  if (part === 'claims') return <ClaimsForm {...{ definition, faults, onChange }} />;
  const { facts, subjects } = definition;
  const i = Math.min(Number(part.slice('fact-'.length)), facts.length - 1);
  const fact = facts[i];
  if (fact === undefined) return null;
  const move = (by: number): void => {
    onChange({ facts: facts.toSpliced(i, 1).toSpliced(i + by, 0, fact) });
    onPart(`fact-${i + by}`);
  };
  const remove = (): void => {
    onChange({ facts: facts.toSpliced(i, 1) });
    onPart(`fact-${Math.max(0, i - 1)}`);
  };
  return (
    <>
      <Flex justify="space-between" align="center" style={{ marginBottom: 8 }}>
        <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>{fact.name === '' ? fact.code : fact.name}</Typography.Title>
        <Flex gap={4}>
          <Tooltip title={t.up}><Button type="text" size="small" aria-label={t.up} icon={<ArrowUpOutlined />} disabled={i === 0} onClick={() => move(-1)} /></Tooltip>
          <Tooltip title={t.down}><Button type="text" size="small" aria-label={t.down} icon={<ArrowDownOutlined />} disabled={i === facts.length - 1} onClick={() => move(1)} /></Tooltip>
          <Tooltip title={t.remove}><Button type="text" size="small" danger aria-label={t.remove} icon={<DeleteOutlined />} disabled={facts.length === 1} onClick={remove} /></Tooltip>
        </Flex>
      </Flex>
      <FactForm key={i} fact={fact} subjects={subjects} place={`facts[${i}]`} faults={faults} onChange={(next) => onChange({ facts: facts.with(i, next) })} />
    </>
  );
}
