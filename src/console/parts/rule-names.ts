/**
 * What the judge's rules are called: the hub names the rule that decided, and says why in a sentence of its own.
 */
import type { Pair } from '../language/language.tsx';

const ruleNames: Readonly<Record<string, Pair>> = {
  'unconditional': { zh: '无条件共享', en: 'shared unconditionally' },
  'own data': { zh: '本部门提供的数据', en: 'the department\'s own data' },
  'granted': { zh: '已授权', en: 'granted' },
  'denied': { zh: '已禁止', en: 'denied' },
  'never shared': { zh: '不予共享', en: 'never shared' },
  'no purpose': { zh: '个人信息须具名事项，而该应用没有可具名的事项', en: 'personal information takes a matter, and this application has none' },
  'no case': { zh: '须按办件查询', en: 'takes an open case' },
  'otherwise withheld': { zh: '未授权：有条件共享，须先申请', en: 'not granted: shared on condition, which is applied for' },
};

/** The name of a rule; of one that is not here, what the hub calls it. */
export const ruleName = (rule: string): Pair => ruleNames[rule] ?? { zh: rule, en: rule };
