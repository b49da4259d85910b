/**
 * Subjects of the issuer's tokens: who comes in by which login. A subject is linked to a holder and unlinked again; nothing in a token
 * gives anything else.
 */
import { App, Button, Flex, Form, Input, Modal, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { momentOf, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { holderInput, useEverybody, useKeeps } from './admitted.ts';
import type { Holder, TokenLink } from './admitted.ts';
import { LinkToken, UnlinkToken } from './documents.ts';
import { texts } from './texts.ts';

/** Those of one holder. */
export function LinksShown({ links }: { readonly links: readonly TokenLink[] }): ReactNode {
  const t = useTexts(texts);
  const keeps = useKeeps();
  const { modal, message } = App.useApp();
  const unlink = useChange(UnlinkToken);
  const ask = (subject: string): void => void modal.confirm({
    title: t.unlinkAsk(subject), content: t.unlinkWhy, okText: t.unlink, cancelText: t.cancel, okButtonProps: { danger: true },
    onOk: () => unlink.mutateAsync({ subject })
      .then(({ unlinkToken }) => void (unlinkToken === true ? message.success(t.unlinked) : message.warning(t.otherIssuer)), (problem: unknown) => void modal.error({ title: t.unlink, content: <ProblemShown problem={problem as never} /> })),
  });
  return (
    <section aria-label={t.links}>
      <Typography.Text type="secondary">{t.links}</Typography.Text>
      {links.map(({ issuer, subject, linkedAt }) => (
        <Flex key={`${issuer} ${subject}`} gap={12} align="center" wrap>
          <Code>{subject}</Code>
          <Typography.Text type="secondary">{issuer}</Typography.Text>
          <Typography.Text type="secondary" className="hub-date">{t.linkedAt(momentOf(linkedAt))}</Typography.Text>
          {keeps && <Button size="small" danger type="text" aria-label={`${t.unlink} ${subject}`} onClick={() => ask(subject)}>{t.unlink}</Button>}
        </Flex>
      ))}
    </section>
  );
}

/** Links one to a holder; whose it is already is told at the field. */
export function LinkForm({ holder, onDone }: { readonly holder: Holder; readonly onDone: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const { everybody } = useEverybody();
  const [form] = Form.useForm<{ readonly subject: string }>();
  const link = useChange(LinkToken);
  const all = everybody?.links ?? [];
  const [own] = everybody?.linksOf(holder) ?? [];
  const send = ({ subject }: { readonly subject: string }): void => link.mutate({ holder: holderInput(holder), subject }, {
    onSuccess: () => {
      void message.success(t.linked);
      onDone();
    },
  });
  const free = { validator: (_rule: unknown, subject: string) => {
    const other = all.find((one) => one.subject === subject && (one.consumer ?? one.administrator) !== holder.code);
    return other === undefined ? Promise.resolve() : Promise.reject(new Error(t.linkTaken(other.consumer ?? other.administrator ?? '')));
  } };
  const onlyOne = { validator: (_rule: unknown, subject: string) => (holder.kind === 'administrator' && own !== undefined && own.subject !== subject ? Promise.reject(new Error(t.linkSecond(own.subject))) : Promise.resolve()) };
  return (
    <Modal open title={`${t.link} · ${holder.name}`} okText={t.link} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={link.isPending}>
      {link.error && <ProblemShown problem={link.error} />}
      <Form name="link-token" form={form} layout="vertical" onFinish={send}>
        <Form.Item name="subject" label={t.subject} extra={t.subjectHelp} validateFirst rules={[{ required: true, whitespace: true, message: t.required }, { pattern: /^\S(.*\S)?$/, message: t.subjectBlanks }, free, onlyOne]}><Input autoComplete="off" spellCheck={false} maxLength={255} /></Form.Item>
      </Form>
    </Modal>
  );
}
