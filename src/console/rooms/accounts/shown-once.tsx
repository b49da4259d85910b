/**
 * A password or a key, shown this once with a button that copies it. It lives in this window alone: closed, it is gone. A click beside
 * the window does not close it.
 */
import { CopyOutlined } from '@ant-design/icons';
import { Alert, App, Button, Flex, Input, Modal, Typography } from 'antd';
import type { InputRef } from 'antd';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { useTexts } from '../../language/language.tsx';
import { texts } from './texts.ts';

/** What is shown. */
export interface Secret {
  readonly title: string;
  /** Whose it is, and for how long. */
  readonly about: string;
  readonly value: string;
}

/** The window; open while there is a secret. */
export function ShownOnce({ secret, onDone }: { readonly secret: Secret | null; readonly onDone: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const input = useRef<InputRef>(null);
  const copy = (): void => {
    input.current?.select();
    // Where the page is no secure context (plain http within an office's net) there is no clipboard but the old way's.
    const copied = 'clipboard' in navigator ? navigator.clipboard.writeText(secret?.value ?? '') : document.execCommand('copy') ? Promise.resolve() : Promise.reject(new Error('not copied'));
    copied.then(() => void message.success(t.copied), () => void message.warning(t.copyFailed));
  };
  return (
    <Modal open={secret !== null} title={secret?.title} closable={false} keyboard={false} mask={{ closable: false }} footer={<Button type="primary" onClick={onDone}>{t.done}</Button>} destroyOnHidden>
      <Typography.Paragraph>{secret?.about}</Typography.Paragraph>
      <Flex gap={8} style={{ marginBottom: 16 }}>
        <Input ref={input} readOnly size="large" aria-label={secret?.title ?? ''} value={secret?.value ?? ''} style={{ fontFamily: 'var(--hub-code)' }} />
        <Button size="large" icon={<CopyOutlined />} onClick={copy}>{t.copy}</Button>
      </Flex>
      <Alert type="warning" showIcon title={t.once} />
    </Modal>
  );
}
