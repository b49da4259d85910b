/**
 * The contract to read beside the editor: what can be asked and changed, found by Chinese or English words, and every type behind it.
 */
import { ArrowLeftOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Segmented, Tooltip, Typography } from 'antd';
import { getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLInputType, GraphQLNamedType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../../language/language.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { texts } from './texts.ts';

type Field = GraphQLField<unknown, unknown>;
type Kind = 'query' | 'mutation';

interface DocsProps {
  readonly schema: GraphQLSchema;
  /** The type that is read; null: what can be asked. */
  readonly asked: string | null;
  readonly onAsked: (type: string | null) => void;
  /** Somebody wants an operation with this field. */
  readonly onTake: (kind: Kind, field: Field) => void;
}

/** See the head of this file. */
export function Docs({ schema, asked, onAsked, onTake }: DocsProps): ReactNode {
  const t = useTexts(texts);
  const [kind, setKind] = useState<Kind>('query');
  const [words, setWords] = useState('');
  const type = asked === null ? undefined : schema.getType(asked);
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  const fields = Object.values(root?.getFields() ?? {}).filter(({ name, description }) => `${name} ${description ?? ''}`.toLowerCase().includes(words.toLowerCase()));
  return (
    <Flex vertical style={{ height: '100%' }}>
      <Flex vertical gap={8} style={{ padding: 10, borderBlockEnd: '1px solid #e6eaf0' }}>
        {type !== undefined
          ? <Flex gap={8} align="center"><Button size="small" type="text" icon={<ArrowLeftOutlined />} aria-label={t.back} onClick={() => onAsked(null)} /><Typography.Text strong className="hub-code">{type.name}</Typography.Text></Flex>
          : (
            <>
              <Segmented block size="small" aria-label={t.docs} value={kind} onChange={setKind} options={[{ value: 'query', label: t.queries }, { value: 'mutation', label: t.mutations }]} />
              <SearchBox label={t.search} words={words} onWords={setWords} width={298} />
            </>
          )}
      </Flex>
      <section aria-label={t.docs} style={{ flex: 1, overflow: 'auto', padding: '4px 12px 12px' }}>
        {type !== undefined ? <TypeShown type={type} onAsked={onAsked} /> : fields.length === 0
          ? <Typography.Paragraph type="secondary" style={{ marginTop: 12 }}>{t.noField}</Typography.Paragraph>
          : fields.map((field) => <FieldShown key={field.name} field={field} onAsked={onAsked} take={<Tooltip title={t.take}><Button size="small" type="text" aria-label={`${t.take} ${field.name}`} icon={<PlusOutlined />} onClick={() => onTake(kind, field)} /></Tooltip>} />)}
      </section>
    </Flex>
  );
}

/** A bilingual description in the language of the page: `中文 · English`. */
function useDescription(): (description: string | null | undefined) => string {
  const { language } = useLanguage();
  return (description) => {
    const [zh = '', ...en] = (description ?? '').split(' · ');
    return language === 'zh' || en.length === 0 ? zh : en.join(' · ');
  };
}

function TypeName({ type, onAsked }: { readonly type: GraphQLInputType | GraphQLOutputType; readonly onAsked: (type: string) => void }): ReactNode {
  const named = getNamedType(type);
  const opens = isObjectType(named) || isInputObjectType(named) || isEnumType(named) || isInterfaceType(named);
  return opens ? <Button type="link" size="small" className="hub-code" style={{ padding: 0, height: 'auto' }} onClick={() => onAsked(named.name)}>{String(type)}</Button> : <span className="hub-code">{String(type)}</span>;
}

function FieldShown({ field, onAsked, take }: { readonly field: Field; readonly onAsked: (type: string) => void; readonly take?: ReactNode }): ReactNode {
  const told = useDescription();
  return (
    <div style={{ padding: '7px 0', borderBlockEnd: '1px solid #f0f2f5' }}>
      <Flex justify="space-between" gap={4} align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}><Typography.Text strong className="hub-code">{field.name}</Typography.Text>: <TypeName type={field.type} onAsked={onAsked} /></div>
        {take}
      </Flex>
      {field.args.map(({ name, type }) => <div key={name} style={{ paddingInlineStart: 12, overflowWrap: 'anywhere' }}><span className="hub-code">{name}</span>: <TypeName type={type} onAsked={onAsked} /></div>)}
      <Typography.Text type="secondary" style={{ fontSize: 12 }}>{told(field.description)}</Typography.Text>
    </div>
  );
}

function TypeShown({ type, onAsked }: { readonly type: GraphQLNamedType; readonly onAsked: (type: string) => void }): ReactNode {
  const told = useDescription();
  return (
    <>
      <Typography.Paragraph type="secondary" style={{ margin: '8px 0' }}>{told(type.description)}</Typography.Paragraph>
      {(isObjectType(type) || isInterfaceType(type)) && Object.values(type.getFields()).map((field) => <FieldShown key={field.name} field={field} onAsked={onAsked} />)}
      {isInputObjectType(type) && Object.values(type.getFields()).map(({ name, type: own, description }) => (
        <div key={name} style={{ padding: '6px 0' }}><Typography.Text strong className="hub-code">{name}</Typography.Text>: <TypeName type={own} onAsked={onAsked} /><div><Typography.Text type="secondary" style={{ fontSize: 12 }}>{told(description)}</Typography.Text></div></div>
      ))}
      {isEnumType(type) && type.getValues().map(({ name, description }) => <div key={name} style={{ padding: '4px 0' }}><span className="hub-code">{name}</span> <Typography.Text type="secondary" style={{ fontSize: 12 }}>{told(description)}</Typography.Text></div>)}
    </>
  );
}
