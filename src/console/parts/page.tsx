/**
 * How a room's page begins: where one is, what it is called, what can be done here. Then its content.
 */
import { Breadcrumb, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** Columns of what is described: one on a tablet, two on a desk. */
export const oneOrTwo = { xs: 1, sm: 1, md: 1, lg: 2 } as const;

interface PageProps {
  readonly title: ReactNode;
  /** A sentence on what this is for, where the title does not say it. */
  readonly about?: ReactNode;
  /** The pages above this one, the uppermost first. */
  readonly above?: readonly { readonly title: ReactNode; readonly to: string }[];
  /** Beside the title: tags of its state. */
  readonly state?: ReactNode;
  /** On the right: what can be done. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The page of a room. */
export function Page({ title, about, above = [], state, actions, children }: PageProps): ReactNode {
  return (
    <>
      {above.length > 0 && <Breadcrumb className="hub-screen" style={{ marginBottom: 6 }} items={[...above.map((own) => ({ title: <Link to={own.to}>{own.title}</Link> })), { title }]} />}
      <Flex justify="space-between" align="flex-start" gap={16} wrap style={{ marginBottom: 14 }}>
        <div style={{ minWidth: 0 }}>
          <Flex align="center" gap={10} wrap>
            <Typography.Title level={1} style={{ fontSize: 20, lineHeight: '32px', margin: 0 }}>{title}</Typography.Title>
            {state}
          </Flex>
          {about !== undefined && <Typography.Text type="secondary">{about}</Typography.Text>}
        </div>
        {actions !== undefined && <Flex gap={8} wrap className="hub-screen">{actions}</Flex>}
      </Flex>
      {children}
    </>
  );
}
