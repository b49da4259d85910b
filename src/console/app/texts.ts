/** What the shell says. */
import { pairs } from '../language/language.tsx';

export const shellTexts = pairs({
  product: { zh: '基础信息资源库', en: 'Base resource libraries' },
  console: { zh: '管理台', en: 'Console' },
  skip: { zh: '跳到正文', en: 'Skip to the content' },
  menu: { zh: '主菜单', en: 'Main menu' },
  fold: { zh: '收起菜单', en: 'Fold the menu' },
  unfold: { zh: '展开菜单', en: 'Unfold the menu' },
  account: { zh: '账户菜单', en: 'Account menu' },
  myAccount: { zh: '我的账户', en: 'My account' },
  lock: { zh: '锁定', en: 'Lock' },
  signOut: { zh: '退出登录', en: 'Sign out' },
  language: { zh: '语言', en: 'Language' },
  loading: { zh: '正在载入…', en: 'Loading…' },
});

export const signInTexts = pairs({
  heading: { zh: '登录', en: 'Sign in' },
  intro: { zh: '县级基础信息资源库数据中枢', en: 'Data hub of the county\'s base resource libraries' },
  account: { zh: '账户', en: 'Account' },
  accountMissing: { zh: '请输入账户', en: 'Enter your account' },
  password: { zh: '密码', en: 'Password' },
  passwordMissing: { zh: '请输入密码', en: 'Enter your password' },
  code: { zh: '动态验证码', en: 'Code of your authenticator' },
  codeHint: { zh: '该账户已启用两步验证：请输入身份验证器上的 6 位数字', en: 'This account has two steps: enter the 6 digits that your authenticator shows' },
  codeMissing: { zh: '请输入 6 位数字', en: 'Enter 6 digits' },
  signIn: { zh: '登录', en: 'Sign in' },
  or: { zh: '或', en: 'or' },
  oidc: { zh: (name: string) => `使用 ${name} 登录`, en: (name: string) => `Sign in with ${name}` },
  help: { zh: '忘记密码或账户被锁定，请联系数据主管部门的系统管理员重置。', en: 'Forgot the password, or locked out? Ask a system administrator of the data authority to reset it.' },
  firstTime: { zh: '首次登录请修改一次性密码', en: 'Change the one-time password first' },
  firstTimeWhy: { zh: '一次性密码由系统管理员发放，只用于首次登录。', en: 'The one-time password came from a system administrator; it is good for signing in once.' },
  locked: { zh: '已锁定', en: 'Locked' },
  lockedWhy: { zh: (name: string) => `${name}，会话因无人操作而锁定。输入密码后继续，页面保持原样。`, en: (name: string) => `${name}, this session is locked because nobody used it. Enter your password to go on where you were.` },
  lockedElsewhere: { zh: (name: string) => `${name}，会话因无人操作而锁定。请在身份认证平台再次确认身份后继续。`, en: (name: string) => `${name}, this session is locked because nobody used it. Show the identity provider once more who you are to go on.` },
  unlock: { zh: '解锁', en: 'Unlock' },
  another: { zh: '换个账户登录', en: 'Sign in as somebody else' },
});

export const pageTexts = pairs({
  forbidden: { zh: '无权进入', en: 'Not your room' },
  forbiddenWhy: { zh: (room: string, role: string) => `“${room}”不对${role}开放：三员分立，各司其职。如因履职需要，请由数据主管部门的安全管理员登记相应角色的管理员。`, en: (room: string, role: string) => `"${room}" is not for the role "${role}": the roles are kept apart. If your work needs it, ask a security administrator of the data authority to register an administrator of that role.` },
  missing: { zh: '没有这个页面', en: 'There is no such page' },
  missingWhy: { zh: '地址有误，或该页面已移走。', en: 'The address is wrong, or the page has moved.' },
  broken: { zh: '页面出错了', en: 'This page failed' },
  brokenWhy: { zh: '这不是您的操作造成的。请重新载入；如再次出现，请把下面一行告诉系统管理员。', en: 'It is nothing you did. Load it again; if it fails once more, tell the line below to a system administrator.' },
  home: { zh: '回到首页', en: 'To the first room' },
  reload: { zh: '重新载入', en: 'Load again' },
});
