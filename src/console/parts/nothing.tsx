/**
 * An empty place says why it is empty, and what to do about it.
 */
import { Empty, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

/** Nothing there. */
export function Nothing({ what, next, action }: { readonly what: string; readonly next?: string; readonly action?: ReactNode }): ReactNode {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={(
      <Flex vertical gap={2} align="center">
        <Typography.Text>{what}</Typography.Text>
        {next !== undefined && <Typography.Text type="secondary">{next}</Typography.Text>}
      </Flex>
    )}>{action}</Empty>
  );
}
