/**
 * Where the records of an application lie (辖区): outside of it a record does not exist for it, whatever was granted. Sent whole, like a
 * grant; whoever was slower is told, and what stands now is read again.
 */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, App, Button, Flex, Form, Input, Select, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk, useChange } from '../../api/ask.ts';
import { isOvertaken } from '../../api/problem.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { SetTerritory, TerritoryOf } from './documents.ts';
import { boundsOf, placeKinds, placeOf } from './lines.ts';
import type { PlaceKind, TerritoryShown } from './lines.ts';
import { changeTexts, territoryTexts } from './texts.ts';
import type { Consumer } from './view.ts';

/** One place of an entry: any of these will do. */
interface Place {
  readonly kind: PlaceKind;
  readonly codes: string;
}

interface Filled {
  readonly entries: readonly { readonly types: readonly string[]; readonly within: readonly Place[] }[];
}

interface TerritoryFormProps {
  readonly consumer: Consumer;
  readonly onMade: () => void;
}

/** See the head of this file. */
export function TerritoryForm({ consumer, onMade }: TerritoryFormProps): ReactNode {
  const answer = useAsk(TerritoryOf, { consumer: consumer.code });
  return <Answered by={answer} rows={4}>{({ territory }) => <Entries {...{ consumer, onMade }} territory={territory ?? []} />}</Answered>;
}

function Entries({ consumer, onMade, territory }: TerritoryFormProps & { readonly territory: readonly TerritoryShown[] }): ReactNode {
  const t = useTexts(territoryTexts);
  const c = useTexts(changeTexts);
  const text = useText();
  const { message } = App.useApp();
  const [form] = Form.useForm<Filled>();
  const set = useChange(SetTerritory);
  // From which version it began; what was read anew after somebody else was faster is what it goes on from.
  const [began, setBegan] = useState<string | null>(territory[0]?.version ?? null);
  const send = async (): Promise<void> => {
    const filled = await form.validateFields().catch(() => null);
    if (filled === null) return;
    const entries = filled.entries.map(({ types, within }) => ({ types: types.length === 0 ? null : [...types], within: within.flatMap(({ kind, codes }) => boundsOf(kind, codes ?? '')) }));
    set.mutate({ consumer: consumer.code, territory: entries, basedOn: began }, {
      onSuccess: () => {
        void message.success(c.saved);
        onMade();
      },
      onError: (problem) => {
        if (isOvertaken(problem)) setBegan(problem.extensions['version'] as string | null);
      },
    });
  };
  const types = Object.entries(recordTypeNames).map(([value, name]) => ({ value, label: text(name) }));
  const kindNames: Readonly<Record<PlaceKind, string>> = { residence: c.byResidence, registration: c.byRegistration, location: c.byLocation, registrar: c.byRegistrar, category: c.byCategory, list: c.byList, ownRows: t.bySupplier, authorization: c.byAuthorization };
  const kinds = (Object.keys(placeKinds) as PlaceKind[]).map((value) => ({ value, label: kindNames[value] }));
  return (
    <Form<Filled> form={form} layout="vertical" initialValues={{ entries: territory.map(({ types: own, within }) => ({ types: [...own ?? []], within: within.map(placeOf) })) }}>
      <Typography.Paragraph type="secondary">{t.about}</Typography.Paragraph>
      {set.error && <ProblemShown problem={set.error} next={isOvertaken(set.error) ? t.overtaken : undefined} />}
      <Form.List name="entries">
        {(entries, { add, remove }) => (
          <Flex vertical gap={12}>
            {entries.length === 0 && <Alert type="info" showIcon title={t.everywhere} />}
            {entries.map(({ key, name }, index) => (
              <section key={key} aria-label={t.entry(index + 1)} style={{ border: '1px solid #d9d9d9', borderRadius: 8, padding: '8px 12px 0' }}>
                <Flex justify="space-between" align="center"><Typography.Text strong>{t.entry(index + 1)}</Typography.Text><Button type="text" danger size="small" icon={<DeleteOutlined />} aria-label={t.remove(index + 1)} onClick={() => remove(name)} /></Flex>
                <Form.Item name={[name, 'types']} label={t.types}><Select mode="multiple" placeholder={t.everyType} options={types} showSearch={{ optionFilterProp: 'label' }} allowClear /></Form.Item>
                <Form.List name={[name, 'within']}>{(places, own) => <Places entry={name} places={places} add={own.add} remove={own.remove} kinds={kinds} />}</Form.List>
              </section>
            ))}
            <Flex gap={8}>
              <Button icon={<PlusOutlined />} onClick={() => add({ types: [], within: [{ kind: 'residence', codes: '' }] })}>{t.add}</Button>
              <Button type="primary" loading={set.isPending} onClick={() => void send()}>{c.save}</Button>
            </Flex>
          </Flex>
        )}
      </Form.List>
    </Form>
  );
}

interface PlacesProps {
  readonly entry: number;
  readonly places: readonly { readonly key: number; readonly name: number }[];
  readonly add: (place: Place) => void;
  readonly remove: (index: number) => void;
  readonly kinds: readonly { readonly value: PlaceKind; readonly label: string }[];
}

function Places({ entry, places, add, remove, kinds }: PlacesProps): ReactNode {
  const t = useTexts(territoryTexts);
  const c = useTexts(changeTexts);
  return (
    <>
      {places.map(({ key, name }, index) => (
        <Flex key={key} gap={8} align="flex-start">
          <Form.Item name={[name, 'kind']} label={index === 0 ? t.within : t.or} style={{ flex: '0 0 190px' }}><Select options={[...kinds]} /></Form.Item>
          <Form.Item noStyle dependencies={[['entries', entry, 'within', name, 'kind']]}>
            {(form) => placeKinds[form.getFieldValue(['entries', entry, 'within', name, 'kind']) as PlaceKind] && (
              <Form.Item name={[name, 'codes']} label={c.codes} style={{ flex: 1 }} rules={[{ required: true, whitespace: true, message: c.codesMissing }]}><Input /></Form.Item>
            )}
          </Form.Item>
          {places.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t.removePlace(index + 1)} style={{ marginBlockStart: 30 }} onClick={() => remove(name)} />}
        </Flex>
      ))}
      <Button type="link" size="small" style={{ marginBlockEnd: 8, paddingInline: 0 }} onClick={() => add({ kind: 'registration', codes: '' })}>{t.addPlace}</Button>
    </>
  );
}
