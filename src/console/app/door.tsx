/**
 * How a page looks that stands before the rooms: the name of the house on the left, what is to be done on the right; on a
 * narrow screen only the latter.
 */
import { GlobalOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../language/language.tsx';
import { Mark } from '../parts/mark.tsx';
import { shellTexts, signInTexts } from './texts.ts';

/** The frame; its heading names the page. */
export function Door({ heading, children }: { readonly heading: string; readonly children: ReactNode }): ReactNode {
  const t = useTexts({ ...shellTexts, ...signInTexts });
  return (
    <Flex component="main" vertical align="center" justify="center" gap={28} style={{ minHeight: '100%', padding: 24, boxSizing: 'border-box' }}>
      <Flex vertical align="center" gap={10}>
        <Mark size={44} />
        <Typography.Text strong style={{ fontSize: 20, letterSpacing: 1 }}>{t.product} · {t.console}</Typography.Text>
        <Typography.Text type="secondary">{t.intro}</Typography.Text>
      </Flex>
      <Card style={{ width: '100%', maxWidth: 400 }} styles={{ body: { padding: 28 } }}>
        <Flex justify="space-between" align="center" style={{ marginBottom: 20 }}>
          <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>{heading}</Typography.Title>
          <LanguageSwitch />
        </Flex>
        {children}
      </Card>
    </Flex>
  );
}

/** Switches to the other language; says so in that language. */
export function LanguageSwitch(): ReactNode {
  const { language, choose } = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return <Button type="text" icon={<GlobalOutlined />} lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => choose(other)}>{other === 'zh' ? '中文' : 'English'}</Button>;
}
