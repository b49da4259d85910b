/**
 * Registers a matter, or changes what is registered of one: whose it is, who takes part, which kin its cases cover. What it asks for is
 * drafted on its page. A code is for good, and one that is taken is told at its field, so nobody changes another matter unawares.
 */
import { Alert, App, AutoComplete, Checkbox, Form, Input, Modal, Select } from 'antd';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import type { Kin } from '../../generated/enums.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { faultsOf } from './definition.ts';
import { RegisterMatter } from './documents.ts';
import type { Known, Matter } from './matters.ts';
import { kinNames, registerTexts, texts } from './texts.ts';

interface Given {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
  readonly participants: string[];
  readonly kin: Kin[];
  readonly needsCase: boolean;
}

/** The fields by the hub's names of them. */
const fields: Readonly<Record<string, keyof Given>> = { code: 'code', name: 'name', department: 'departmentCode', participants: 'participants', kin: 'kin', needsCase: 'needsCase' };

interface RegisterFormProps {
  readonly known: Known;
  /** The matter that is changed; null: a new one. */
  readonly matter: Matter | null;
  readonly onDone: (code: string | null) => void;
}

/** In a window of its own; `onDone` tells the code that is registered now, or that nothing was. */
export function RegisterForm({ known, matter, onDone }: RegisterFormProps): ReactNode {
  const t = useTexts(texts);
  const r = useTexts(registerTexts);
  const text = useText();
  const { message } = App.useApp();
  const [form] = Form.useForm<Given>();
  const register = useChange(RegisterMatter);
  const department = Form.useWatch('departmentCode', form) ?? '';
  const title = matter === null ? r.register : r.change;
  const mark = (problem: Problem): void => {
    const places = [...faultsOf(problem)].flatMap(([at, says]) => {
      const field = fields[at.replace(/\W.*$/, '')];
      return field === undefined ? [] : [{ name: field, errors: [says] }];
    });
    form.setFields(places);
  };
  const send = (given: Given): void => register.mutate({ matter: { ...given, code: given.code.trim(), departmentCode: given.departmentCode.trim(), participants: [...given.participants], kin: [...given.kin] } }, {
    onSuccess: ({ registerMatter }) => {
      void message.success(r.registered);
      onDone(registerMatter);
    },
    onError: mark,
  });
  const required = [{ required: true, whitespace: true, message: t.required }];
  const free = { validator: (_rule: unknown, code: string) => (matter === null && known.matters.some((own) => own.code === code?.trim()) ? Promise.reject(new Error(r.taken)) : Promise.resolve()) };
  const departments = known.departments.map(({ code, name }) => ({ value: code, label: `${name} · ${code}` }));
  return (
    <Modal open width={640} title={title} okText={title} cancelText={t.cancel} onOk={() => form.submit()} onCancel={() => onDone(null)} confirmLoading={register.isPending}>
      {register.error && <ProblemShown problem={register.error} />}
      {matter !== null && <Alert type="warning" showIcon style={{ marginBottom: 16 }} title={r.changeMeans} />}
      <Form<Given> name="register-matter" form={form} layout="vertical" onFinish={send}
        initialValues={{ code: matter?.code ?? '', name: matter?.name ?? '', departmentCode: matter?.departmentCode ?? '', participants: [...matter?.participants ?? []], kin: [...matter?.kin ?? []], needsCase: matter?.needsCase ?? true }}>
        <Form.Item name="code" label={t.code} extra={r.codeHelp} rules={[...required, { pattern: /^\s*\S+\s*$/, message: r.noBlanks }, free]}><Input autoComplete="off" maxLength={100} disabled={matter !== null} /></Form.Item>
        <Form.Item name="name" label={t.name} rules={required}><Input autoComplete="off" maxLength={200} /></Form.Item>
        <Form.Item name="departmentCode" label={t.department} extra={known.department(department) === department ? r.departmentHelp : known.department(department)} rules={required}>
          <AutoComplete options={departments} showSearch={{ filterOption: (words, option) => option?.label.toLowerCase().includes(words.toLowerCase()) === true }} />
        </Form.Item>
        <Form.Item name="participants" label={t.participants} extra={r.participantsHelp}><Select mode="tags" options={departments} showSearch={{ optionFilterProp: 'label' }} tokenSeparators={[',', '，', ' ']} /></Form.Item>
        <Form.Item name="kin" label={t.kin} extra={r.kinHelp}><Checkbox.Group options={(Object.keys(kinNames) as Kin[]).map((value) => ({ value, label: text(kinNames[value]) }))} /></Form.Item>
        <Form.Item name="needsCase" valuePropName="checked" extra={r.needsCaseHelp}><Checkbox>{t.yes}</Checkbox></Form.Item>
      </Form>
    </Modal>
  );
}
