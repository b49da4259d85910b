/** What the query room says. */
import { pairs } from '../../language/language.tsx';

export const texts = pairs({
  title: { zh: '查询', en: 'Query' },
  about: { zh: (name: string, role: string) => `以 ${name}（${role}）的身份查询；所见接口即其可用者，查询照常记入审计`, en: (name: string, role: string) => `As ${name} (${role}): the contract is what you may see, and what you ask is audited as ever` },
  docs: { zh: '接口文档', en: 'Contract' },
  tidy: { zh: '整理', en: 'Tidy up' },
  run: { zh: '运行', en: 'Run' },
  operation: { zh: '查询语句', en: 'Operation' },
  variables: { zh: '变量', en: 'Variables' },
  variablesHint: { zh: '{ "名称": "值" }', en: '{ "name": "value" }' },
  side: { zh: '结果或变量', en: 'Answer or variables' },
  result: { zh: '结果', en: 'Answer' },
  nothing: { zh: '写好查询后按 Ctrl + Enter 运行。左侧文档中点“+”可放入一条现成的查询。', en: 'Write an operation and press Ctrl + Enter. The + beside a field on the left puts one here to begin with.' },
  waiting: { zh: '等待答复…', en: 'Waiting for the answer…' },
  refused: { zh: (n: number) => `答复中有 ${n} 处错误或拒绝，理由见 errors`, en: (n: number) => `${n} errors or refusals in the answer; errors says why` },
  took: { zh: (ms: number, bytes: number) => `${ms} 毫秒 · ${(bytes / 1000).toFixed(1)} kB`, en: (ms: number, bytes: number) => `${ms} ms · ${(bytes / 1000).toFixed(1)} kB` },
  queries: { zh: '查询', en: 'Queries' },
  mutations: { zh: '变更', en: 'Changes' },
  search: { zh: '按名称或说明查找', en: 'Search by name or words' },
  noField: { zh: '没有这样的字段', en: 'No field is like that' },
  take: { zh: '放入编辑器', en: 'Put into the editor' },
  back: { zh: '返回', en: 'Back' },
});
