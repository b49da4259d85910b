/** What the query room says around GraphiQL, whose own words are English. */
import { pairs } from '../../language/language.tsx';

export const texts = pairs({
  title: { zh: '查询', en: 'Query' },
  about: { zh: (name: string, role: string) => `以 ${name}（${role}）的身份查询；所见接口即其可用者，查询照常记入审计`, en: (name: string, role: string) => `As ${name} (${role}): the contract is what you may see, and what you ask is audited as ever` },
  help: { zh: 'Ctrl + Enter 运行，Ctrl + Space 补全。键盘：回车进入编辑器，Ctrl + M 后 Tab 键移出。左侧为接口文档与历史；“Headers”可写 Hub-Matter 等数据中枢的请求头。所写只留在本标签页，退出登录即清除。', en: 'Ctrl + Enter runs, Ctrl + Space completes. By keyboard: Enter goes into an editor, Tab after Ctrl + M leaves it. On the left the contract and the history; Headers takes those of the hub, such as Hub-Matter. What is written stays in this tab and goes when you sign out.' },
  tidy: { zh: '整理（Shift + Ctrl + P）', en: 'Tidy up (Shift-Ctrl-P)' },
  merge: { zh: '合并片段（Shift + Ctrl + M）', en: 'Merge fragments into the operation (Shift-Ctrl-M)' },
  copy: { zh: '复制（Shift + Ctrl + C）', en: 'Copy (Shift-Ctrl-C)' },
});
