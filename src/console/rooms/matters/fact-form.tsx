/**
 * One fact: what it is called, the paper that it replaces, about whom it is, and how it is asked.
 */
import { Flex, Form, Input, InputNumber, Segmented, Select } from 'antd';
import type { ReactNode } from 'react';
import { useText, useTexts } from '../../language/language.tsx';
import { factForms, inForm } from './definition.ts';
import type { Fact, FactForm as FormOfFact, Faults, Role } from './definition.ts';
import { Field } from './field.tsx';
import { useMatters } from './matters.ts';
import { formNames, texts } from './texts.ts';

interface FactFormProps {
  readonly fact: Fact;
  readonly subjects: readonly Role[];
  /** Where it stands in the definition. */
  readonly place: string;
  readonly faults: Faults;
  readonly onChange: (fact: Fact) => void;
}

/** Edits it. */
export function FactForm({ fact, subjects, place, faults, onChange }: FactFormProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const fault = (field: string): string | undefined => faults.get(`${place}.${field}`);
  const set = (change: Partial<Fact>): void => onChange({ ...fact, ...change });
  return (
    <Form component={false}>
      <Flex gap={16} wrap>
        <Field label={t.factName} id="fact-name" fault={fault('name')} flex="2 1 280px"><Input id="fact-name" value={fact.name} onChange={({ target }) => set({ name: target.value })} /></Field>
        <Field label={t.factCode} id="fact-code" fault={fault('code')} flex="1 1 160px"><Input id="fact-code" value={fact.code} style={{ fontFamily: 'var(--hub-code)' }} onChange={({ target }) => set({ code: target.value })} /></Field>
      </Flex>
      <Flex gap={16} wrap>
        <Field label={t.paper} id="fact-paper" fault={fault('paper')} help={t.paperHelp} flex="2 1 280px"><Input id="fact-paper" allowClear value={fact.paper ?? ''} onChange={({ target }) => set({ paper: target.value === '' ? null : target.value })} /></Field>
        <Field label={t.of} id="fact-of" fault={fault('of')} flex="1 1 160px"><Select id="fact-of" value={fact.of} onChange={(of: string) => set({ of })} options={subjects.map(({ role, name }) => ({ value: role, label: name }))} /></Field>
      </Flex>
      <Field label={t.form} id="fact-form" fault={fault('form')}><Segmented<FormOfFact> id="fact-form" aria-label={t.form} value={fact.form} onChange={(form) => onChange(inForm(fact, form))} options={factForms.map((value) => ({ value, label: text(formNames[value]) }))} /></Field>
      <Asked {...{ fact, fault, set }} />
    </Form>
  );
}

interface AskedProps {
  readonly fact: Fact;
  readonly fault: (field: string) => string | undefined;
  readonly set: (change: Partial<Fact>) => void;
}

function Asked({ fact, fault, set }: AskedProps): ReactNode {
  const t = useTexts(texts);
  const { known } = useMatters();
  const written = { autoSize: { minRows: 3, maxRows: 12 }, spellCheck: false, style: { fontFamily: 'var(--hub-code)', fontSize: 13 } };
  switch (fact.form) {
    case 'VALUE': return <Field label={t.select} id="fact-select" fault={fault('select')} help={t.selectHelp}><Input.TextArea id="fact-select" {...written} value={fact.select ?? ''} onChange={({ target }) => set({ select: target.value })} /></Field>;
    case 'CERTIFICATE': return <Field label={t.certificateType} id="fact-certificate" fault={fault('certificateType')} help={t.certificateHelp}><Input id="fact-certificate" style={{ fontFamily: 'var(--hub-code)', maxWidth: 320 }} value={fact.certificateType ?? ''} onChange={({ target }) => set({ certificateType: target.value })} /></Field>;
    case 'DESK': return (
      <Flex gap={16} wrap>
        <Field label={t.desk} id="fact-desk" fault={fault('department')} flex="1 1 220px"><Select id="fact-desk" value={fact.department || undefined} onChange={(department: string) => set({ department })} showSearch={{ optionFilterProp: 'label' }} options={(known?.departments ?? []).map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} /></Field>
        <Field label={t.workingDays} id="fact-days" fault={fault('workingDays')} flex="1 1 160px"><InputNumber id="fact-days" min={1} max={60} value={fact.workingDays ?? null} onChange={(workingDays) => set({ workingDays })} /></Field>
      </Flex>
    );
    default: return <Field label={t.ask} id="fact-ask" fault={fault('ask')} help={t.askHelp}><Input.TextArea id="fact-ask" {...written} value={fact.ask ?? ''} onChange={({ target }) => set({ ask: target.value })} /></Field>;
  }
}
