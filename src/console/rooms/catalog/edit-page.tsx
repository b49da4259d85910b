/**
 * The form of a resource as it is to be: its core metadata and the items that one's department provides in it. It begins as the
 * catalog is, or as the draft says that is edited; a new resource begins empty.
 */
import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Card, Col, Drawer, Flex, Form, Input, Row, Select, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ShareType } from '../../generated/enums.ts';
import type { CatalogResourceInput } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { dataTypeNames, formatCategoryNames, sensitivityNames, updateCycleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { ShareTypeTag } from '../../parts/state-tag.tsx';
import { useCatalog } from './catalog.ts';
import { CatalogDrafts, DraftResource, EditDraft } from './documents.ts';
import { draftPath } from './drafts.tsx';
import { editTexts } from './edit-texts.ts';
import { formOfDraft, resourceForm } from './form.ts';
import type { ItemForm } from './form.ts';
import { SharingFields } from './sharing-form.tsx';

/** A change of a resource that there is (`resources/:code/edit`), or a new one (`new`). */
export function EditResourcePage(): ReactNode {
  const { code } = useParams();
  const { departmentCode } = useSession();
  const { answer, whole } = useCatalog();
  const resource = code === undefined ? undefined : whole?.resource.get(code);
  return (
    <Answered by={answer}>
      {() => whole && <Editor key={code ?? ''} initial={resource === undefined ? null : resourceForm(resource, whole.items.filter((item) => item.resource === code && item.ownerDepartmentCode === departmentCode))} draft={null} />}
    </Answered>
  );
}

/** A change of a draft (`drafts/:number/edit`). */
export function EditDraftPage(): ReactNode {
  const t = useTexts(editTexts);
  const { number = '' } = useParams();
  const answer = useAsk(CatalogDrafts, {});
  return (
    <Answered by={answer}>
      {({ catalogDrafts }) => {
        const draft = catalogDrafts?.find((own) => own.number === number);
        return draft === undefined ? <Card><Nothing what={t.missingDraft(number)} /></Card> : <Editor initial={formOfDraft(draft.content)} draft={draft} />;
      }}
    </Answered>
  );
}

type Fields = Omit<CatalogResourceInput, 'items'>;

const optionsOf = <Key extends string>(names: Readonly<Record<Key, { readonly zh: string; readonly en: string }>>, text: ReturnType<typeof useText>) => (Object.keys(names) as Key[]).map((value) => ({ value, label: text(names[value]) }));

function Editor({ initial, draft }: { readonly initial: CatalogResourceInput | null; readonly draft: { readonly number: string; readonly version: number } | null }): ReactNode {
  const t = useTexts(editTexts);
  const text = useText();
  const go = useNavigate();
  const { message } = App.useApp();
  const [items, setItems] = useState<readonly ItemForm[]>(initial?.items ?? []);
  const [edited, setEdited] = useState<ItemForm | 'new' | null>(null);
  const make = useChange(DraftResource);
  const edit = useChange(EditDraft);
  const sending = draft === null ? make : edit;
  const leave = (number: string): void => {
    void message.success(t.drafted);
    void go(draftPath(number));
  };
  const send = (fields: Fields): void => {
    const resource: CatalogResourceInput = { ...fields, relatedCodes: fields.relatedCodes ?? [], items: items.map((own) => ({ ...own })) };
    if (draft === null) make.mutate({ resource }, { onSuccess: ({ draftResource }) => draftResource && leave(draftResource.number) });
    else edit.mutate({ number: draft.number, version: draft.version, resource }, { onSuccess: () => leave(draft.number) });
  };
  const keep = (item: ItemForm): void => {
    setItems((before) => (before.some(({ code }) => code === item.code) ? before.map((own) => (own.code === item.code ? item : own)) : [...before, item]));
    setEdited(null);
  };
  const required = [{ required: true, message: t.missing }];
  const columns: TableColumnsType<ItemForm> = [
    { title: t.code, dataIndex: 'code', width: 130, render: (code: string) => <Code>{code}</Code> },
    { title: t.name, dataIndex: 'name', width: 200, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.shareType, dataIndex: 'shareType', width: 118, render: (type: ShareType) => <ShareTypeTag type={type} /> },
    { title: t.sensitivity, dataIndex: 'sensitivity', width: 150, render: (level: string) => text(sensitivityNames[level] ?? { zh: level, en: level }) },
    { title: t.condition, dataIndex: 'condition', render: (condition?: string | null) => <Clipped secondary>{condition === undefined || condition === null || condition === '' ? '—' : condition}</Clipped> },
    { key: 'acts', title: '', width: 130, render: (_value, item) => <Flex gap={4}><Button type="link" size="small" onClick={() => setEdited(item)}>{t.editItem}</Button><Button type="link" size="small" danger onClick={() => setItems((before) => before.filter(({ code }) => code !== item.code))}>{t.removeItem}</Button></Flex> },
  ];
  return (
    <Page title={draft !== null ? `${t.editDraft} ${draft.number}` : initial === null ? t.newResource : `${t.draftChange} · ${initial.name}`} above={[{ title: t.catalog, to: '/catalog' }]}>
      {sending.error && <ProblemShown problem={sending.error} />}
      <Form<Fields> name="resource" layout="vertical" requiredMark={false} onFinish={send} disabled={sending.isPending} initialValues={initial ?? { providerUscc: '', formatNote: '', openCondition: '', relatedCodes: [], formatCategory: 'DATABASE', updateCycle: 'DAILY' }}>
        <Flex vertical gap={16}>
          <Card title={t.resource}>
            <Row gutter={16}>
              <Col xs={24} lg={8}><Form.Item name="code" label={t.code} rules={required}><Input className="hub-code" disabled={initial !== null} placeholder="101001/000001" /></Form.Item></Col>
              <Col xs={24} lg={16}><Form.Item name="name" label={t.name} rules={required}><Input maxLength={200} /></Form.Item></Col>
              <Col span={24}><Form.Item name="abstract" label={t.abstract} rules={required}><Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} /></Form.Item></Col>
              <Col xs={12} lg={6}><Form.Item name="formatCategory" label={t.formatCategory} rules={required}><Select options={optionsOf(formatCategoryNames, text)} /></Form.Item></Col>
              <Col xs={12} lg={6}><Form.Item name="formatType" label={t.formatType} rules={required}><Input /></Form.Item></Col>
              <Col xs={24} lg={12}><Form.Item name="formatNote" label={t.formatNote}><Input /></Form.Item></Col>
              <Col xs={12} lg={6}><Form.Item name="updateCycle" label={t.updateCycle} rules={required}><Select options={optionsOf(updateCycleNames, text)} /></Form.Item></Col>
              <Col xs={12} lg={6}><Form.Item name="shareMode" label={t.shareMode} rules={required}><Input /></Form.Item></Col>
              <Col xs={24} lg={12}><Form.Item name="openCondition" label={t.openCondition}><Input /></Form.Item></Col>
              <Col xs={24} lg={8}><Form.Item name="providerUscc" label={t.uscc}><Input className="hub-code" maxLength={18} /></Form.Item></Col>
              <Col xs={24} lg={16}><Form.Item name="relatedCodes" label={t.related}><Select mode="tags" open={false} suffixIcon={null} /></Form.Item></Col>
            </Row>
          </Card>
          <Card title={t.items(items.length)} extra={<Button icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t.addItem}</Button>} styles={{ body: { paddingTop: 8 } }}>
            <Table<ItemForm> size="small" rowKey="code" columns={columns} dataSource={[...items]} scroll={{ x: 860 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, size: 'small' }} locale={{ emptyText: <Nothing what={t.itemsOwn} /> }} />
          </Card>
          <Flex gap={8}><Button type="primary" htmlType="submit" loading={sending.isPending}>{t.draftIt}</Button><Button onClick={() => void go(-1)}>{t.cancel}</Button></Flex>
        </Flex>
      </Form>
      {edited !== null && <ItemDrawer item={edited === 'new' ? null : edited} keep={keep} leave={() => setEdited(null)} />}
    </Page>
  );
}

function ItemDrawer({ item, keep, leave }: { readonly item: ItemForm | null; readonly keep: (item: ItemForm) => void; readonly leave: () => void }): ReactNode {
  const t = useTexts(editTexts);
  const text = useText();
  const [form] = Form.useForm<ItemForm>();
  const required = [{ required: true, message: t.missing }];
  const send = ({ condition, keyShareType, dataType, dataLength, open, ...given }: ItemForm): void => keep({ ...given, condition: condition ?? '', keyShareType: keyShareType ?? null, dataType: dataType ?? null, dataLength: dataLength ?? '', open: open ?? false });
  return (
    <Drawer open title={item === null ? t.addItem : `${item.name} ${item.code}`} size={460} onClose={leave} extra={<Button type="primary" onClick={() => form.submit()}>{t.save}</Button>}>
      <Form<ItemForm> name="item" form={form} layout="vertical" requiredMark={false} onFinish={send} initialValues={item ?? { shareType: 'CONDITIONAL', sensitivity: 'S2', open: false, condition: '', dataLength: '' }}>
        <Form.Item name="code" label={t.code} rules={required}><Input className="hub-code" disabled={item !== null} /></Form.Item>
        <Form.Item name="name" label={t.name} rules={required}><Input maxLength={200} /></Form.Item>
        <Form.Item name="sensitivity" label={t.sensitivity} rules={required}><Select options={Object.entries(sensitivityNames).map(([value, name]) => ({ value, label: text(name) }))} /></Form.Item>
        <SharingFields />
        <Form.Item name="dataType" label={t.dataType}><Select allowClear options={optionsOf(dataTypeNames, text)} /></Form.Item>
        <Form.Item name="dataLength" hidden><Input /></Form.Item>
      </Form>
    </Drawer>
  );
}
