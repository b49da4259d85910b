/**
 * A refusal or a failure as people read it: what happened, what to do next, the hub's own sentence, and the number of the
 * request for whoever is asked for help. Also the three states of whatever waits for an answer: not yet, failed, there.
 */
import { Alert, Button, Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Problem } from '../api/problem.ts';
import { momentOf, pairs, useText, useTexts } from '../language/language.tsx';
import type { Pair } from '../language/language.tsx';

const texts = pairs({
  again: { zh: '重试', en: 'Try again' },
  hubSays: { zh: '数据中枢的答复：', en: 'The hub says: ' },
  request: { zh: '请求编号', en: 'Request' },
  lockedUntil: { zh: (at: string) => `可于 ${at} 后再试，或请系统管理员解锁。`, en: (at: string) => `Try again after ${at}, or ask a system administrator to unlock it.` },
});

interface Told {
  readonly what: Pair;
  readonly next: Pair;
}

/** What people are told of a code, or of a code with a reason; of a code that is not here they are told the hub's sentence. */
const told: Readonly<Record<string, Told>> = {
  SIGN_IN_REFUSED: { what: { zh: '账户、密码或验证码不正确', en: 'The account, the password or the code is wrong' }, next: { zh: '请核对后重新输入。', en: 'Check both and enter them again.' } },
  'SIGN_IN_REFUSED ONE_TIME_PASSWORD_EXPIRED': { what: { zh: '一次性密码已过期', en: 'The one-time password has expired' }, next: { zh: '请系统管理员重新发放。', en: 'Ask a system administrator for a new one.' } },
  'BAD_INPUT TOO_SHORT': { what: { zh: '新密码太短', en: 'The new password is too short' }, next: { zh: '至少 12 个字符；几个互不相干的词很好记。', en: 'At least 12 characters; several words are easy to keep in mind.' } },
  'BAD_INPUT TOO_LONG': { what: { zh: '新密码太长', en: 'The new password is too long' }, next: { zh: '至多 200 个字符。', en: 'At most 200 characters.' } },
  'BAD_INPUT NOT_PRINTABLE': { what: { zh: '新密码含不可见字符', en: 'The new password holds characters that cannot be seen' }, next: { zh: '请去掉后再试。', en: 'Take them out.' } },
  'BAD_INPUT HOLDS_NAME': { what: { zh: '新密码含账户名或姓名', en: 'The new password holds the name of the account or its holder' }, next: { zh: '请另选一个。', en: 'Choose another one.' } },
  'BAD_INPUT COMMON': { what: { zh: '新密码太常见', en: 'The new password is one that is tried first' }, next: { zh: '请用几个互不相干的词。', en: 'Take several words that do not belong together.' } },
  'BAD_INPUT SAME': { what: { zh: '新密码与原密码相同', en: 'The new password is the old one' }, next: { zh: '请另选一个。', en: 'Choose another one.' } },
  CODE_REQUIRED: { what: { zh: '需要动态验证码', en: 'A code is needed' }, next: { zh: '请输入身份验证器上的数字。', en: 'Enter what your authenticator shows.' } },
  CODE_REFUSED: { what: { zh: '动态验证码不正确', en: 'The code is wrong' }, next: { zh: '请等待下一组数字后再输入；并确认手机时间准确。', en: 'Wait for the next digits, and see that your device\'s clock is right.' } },
  ACCOUNT_LOCKED: { what: { zh: '账户已锁定', en: 'The account is locked' }, next: { zh: '多次输错密码。请稍后再试，或请系统管理员解锁。', en: 'Too many wrong passwords. Try again later, or ask a system administrator to unlock it.' } },
  FORBIDDEN: { what: { zh: '无权进行此操作', en: 'This is not yours to do' }, next: { zh: '请由相应角色的管理员办理。', en: 'An administrator of the role concerned does this.' } },
  FIELD_NOT_SHARED: { what: { zh: '有信息项未向管理员开放', en: 'Some items are not open to administrators' }, next: { zh: '其余照常显示；确需者由部门应用按授权查询，或请提供部门改其共享类型。', en: 'The rest is shown. Whoever needs them asks by an application under a grant; the share type is for the providing department to change.' } },
  FIND_NOT_SHARED: { what: { zh: '不得据此信息项查找', en: 'This may not be found by' }, next: { zh: '请换一种查找方式；确需者由部门应用按授权查询。', en: 'Look another way. Whoever needs it asks by an application under a grant.' } },
  CONFLICT: { what: { zh: '内容已被他人更改', en: 'Somebody else was faster' }, next: { zh: '请重新载入后再改。', en: 'Load it again, then make your change.' } },
  RATE_LIMITED: { what: { zh: '请求过于频繁', en: 'Too many requests' }, next: { zh: '请稍候再试。', en: 'Wait a moment and try again.' } },
  QUOTA_EXCEEDED: { what: { zh: '配额已用完', en: 'The quota is used up' }, next: { zh: '请明日再试或申请提高配额。', en: 'Try again tomorrow, or apply for more.' } },
  UNREACHABLE: { what: { zh: '无法连接数据中枢', en: 'The hub cannot be reached' }, next: { zh: '请检查网络后重试；如仍不行，请联系系统管理员。', en: 'Check the network and try again; if it stays so, tell a system administrator.' } },
  UNAVAILABLE: { what: { zh: '数据中枢暂时不可用', en: 'The hub is not available for the moment' }, next: { zh: '请稍后重试。', en: 'Try again soon.' } },
  AUDIT_UNAVAILABLE: { what: { zh: '审计暂时不可用，未予答复', en: 'Nothing is answered that cannot be audited' }, next: { zh: '请稍后重试。', en: 'Try again soon.' } },
  UNAUTHENTICATED: { what: { zh: '登录已失效', en: 'You are no longer signed in' }, next: { zh: '请重新登录。', en: 'Sign in again.' } },
  BAD_INPUT: { what: { zh: '填写的内容有误', en: 'Something entered is not right' }, next: { zh: '请按下面的说明更正。', en: 'Correct it as is said below.' } },
  INTERNAL: { what: { zh: '数据中枢内部出错', en: 'The hub failed' }, next: { zh: '请重试；如再次出现，请把请求编号告诉系统管理员。', en: 'Try again; if it fails once more, tell a system administrator the number of the request.' } },
};

/** Codes whose meaning is all there is to say; the hub's sentence would only repeat it. */
const plain: ReadonlySet<string> = new Set(['SIGN_IN_REFUSED', 'ACCOUNT_LOCKED', 'CODE_REFUSED', 'UNREACHABLE']);

/** One problem; with `again`, a button to try it again; `next`: what to do here, where that is more than what is said of its code. */
export function ProblemShown({ problem, again, next }: { readonly problem: Problem; readonly again?: () => void; readonly next?: string | undefined }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const reason = problem.extensions['reason'];
  const special = typeof reason === 'string' ? told[`${problem.code} ${reason}`] : undefined;
  const known = special ?? told[problem.code];
  const until = problem.code === 'ACCOUNT_LOCKED' && typeof problem.extensions['until'] === 'string' ? problem.extensions['until'] : null;
  return (
    <Alert
      type={problem.status >= 500 || problem.status === 0 ? 'error' : 'warning'}
      showIcon
      role="alert"
      style={{ marginBottom: 16 }}
      title={known === undefined ? problem.message : text(known.what)}
      description={(
        <>
          {known !== undefined && <div>{until === null ? next ?? text(known.next) : t.lockedUntil(momentOf(until))}</div>}
          {known !== undefined && special === undefined && !plain.has(problem.code) && <Typography.Text type="secondary" style={{ fontSize: 13 }}>{t.hubSays}<span lang="en">{problem.message}</span></Typography.Text>}
          {problem.request !== null && <div><Typography.Text type="secondary" style={{ fontSize: 13 }}>{t.request} <Typography.Text code copyable>{problem.request}</Typography.Text></Typography.Text></div>}
        </>
      )}
      {...(again === undefined ? {} : { action: <Button size="small" onClick={again}>{t.again}</Button> })}
    />
  );
}

/** What waits for an answer: a skeleton before it, a problem instead of it, its content with it. */
export function Answered<Answer>({ by, rows = 6, children }: { readonly by: UseQueryResult<Answer, Problem>; readonly rows?: number; readonly children: (answer: Answer) => ReactNode }): ReactNode {
  if (by.error !== null && by.data === undefined) return <ProblemShown problem={by.error} again={() => void by.refetch()} />;
  if (by.data === undefined) return <Skeleton active paragraph={{ rows }} />;
  return (
    <>
      {by.error !== null && <ProblemShown problem={by.error} again={() => void by.refetch()} />}
      {children(by.data)}
    </>
  );
}
