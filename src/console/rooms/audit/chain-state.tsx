/**
 * How the end of the chain stands: the last seal, and whatever does not fit.
 */
import { Alert, Card, Descriptions, Flex, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useAsk } from '../../api/ask.ts';
import { momentOf, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { Answered } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { State } from './documents.ts';
import { texts } from './texts.ts';

/** The card of the chain. */
export function ChainState(): ReactNode {
  const t = useTexts(texts);
  const state = useAsk(State, {}, { once: true });
  return (
    <Card size="small">
      <Answered by={state} rows={2}>
        {({ auditState: { lastSeal, openChains, retiredMonths, sealsChecked, problems } }) => (
          <>
            {problems.length > 0 && (
              <Alert type="error" showIcon role="alert" style={{ marginBottom: 12 }} title={t.broken(problems.length)} description={(
                <>
                  <div>{t.brokenNext}</div>
                  <ul style={{ margin: '4px 0 0', paddingInlineStart: 20 }}>{problems.map(({ where, says }) => <li key={`${where} ${says}`} lang="en"><Code>{where}</Code> {says}</li>)}</ul>
                </>
              )} />
            )}
            <Descriptions size="small" column={{ xs: 1, sm: 1, md: 2, lg: 2, xl: 4 }} items={[
              { key: 'chain', label: t.chain, children: <StateTag tone={problems.length === 0 ? 'good' : 'stopped'}>{problems.length === 0 ? t.whole : t.broken(problems.length)}</StateTag> },
              { key: 'seal', label: t.lastSeal, children: lastSeal === null ? t.noSeal : <Flex gap={8} wrap><Code>{`#${lastSeal.n}`}</Code><span className="hub-date">{momentOf(lastSeal.at)}</span></Flex> },
              { key: 'open', label: t.openChains, children: openChains },
              { key: 'retired', label: t.retired, children: retiredMonths.length === 0 ? t.none : retiredMonths.join('、') },
              ...(lastSeal === null ? [] : [{ key: 'hash', label: t.sealHash, span: 'filled' as const, children: <Code copyable>{lastSeal.hash}</Code> }]),
            ]} />
            <Typography.Text type="secondary">{t.checked(sealsChecked)}</Typography.Text>
          </>
        )}
      </Answered>
    </Card>
  );
}
