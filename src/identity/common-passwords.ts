/**
 * Passwords that are tried first: common words with whatever stands around them, rows of the keyboard, sequences, repetitions. A short
 * list that knows the patterns, not a long one that knows the words: at twelve characters most common passwords are made by one of these.
 */

/** Words that a password may hold, but not be, whatever digits and signs stand around them. */
const words: ReadonlySet<string> = new Set([
  'password', 'passwort', 'passphrase', 'mypassword', 'newpassword', 'thepassword', 'passw', 'pass', 'secret', 'letmein', 'letmeinnow', 'welcome', 'welcometo', 'welcomehome', 'changeme', 'changeit', 'changethis',
  'admin', 'administrator', 'adminadmin', 'root', 'rootroot', 'superuser', 'superadmin', 'system', 'sysadmin', 'security', 'auditor', 'steward', 'manager', 'operator', 'user', 'username', 'guest', 'test', 'testtest', 'testing', 'default', 'demo', 'login',
  'iloveyou', 'ilovechina', 'monkey', 'dragon', 'football', 'baseball', 'basketball', 'superman', 'batman', 'princess', 'sunshine', 'shadow', 'master', 'michael', 'jordan', 'trustno', 'starwars', 'whatever', 'computer', 'internet', 'google', 'microsoft', 'windows', 'oracle', 'postgres', 'postgresql', 'mysql', 'server', 'database',
  'qwerty', 'qwertz', 'qwertyuiop', 'asdf', 'asdfgh', 'asdfghjkl', 'zxcvbn', 'zxcvbnm', 'qazwsx', 'qazwsxedc', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh', 'xyz',
  'mima', 'wodemima', 'woaini', 'woaizhongguo', 'zhongguo', 'zhonghua', 'gansu', 'wuwei', 'tianzhu', 'lanzhou', 'beijing', 'shanghai', 'huawei', 'guanliyuan', 'xitong', 'zhengwu', 'shuju', 'dashuju', 'china',
  '密码', '我的密码', '管理员', '系统管理员', '安全管理员', '审计管理员', '天祝', '天祝县', '武威', '甘肃', '中国', '我爱你', '我爱中国', 'hub', 'countyhub', 'datahub', 'county', 'countydatahub',
]);

/** Rows and columns of keyboards, in the orders in which fingers take them. */
const rows = ['qwertyuiopasdfghjklzxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'qazwsxedcrfvtgbyhnujmikolp', '1q2w3e4r5t6y7u8i9o0p', 'q1w2e3r4t5y6u7i8o9p0', 'zaq12wsxcde34rfvbgt56yhnmju78ik', '!qaz@wsx#edc$rfv%tgb^yhn', '!@#$%^&*()_+', 'qwertyuiop[]\\', 'asdfghjkl;\'', 'zxcvbnm,./'];

/** What people write letters with. */
const disguises: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', '$': 's', '5': 's', '7': 't' };

/** Is it one of those? In lower case. */
export function isCommon(password: string): boolean {
  const characters = [...password];
  return isSequence(characters) || isRepetition(characters) || rows.some((row) => isAlong(row, password)) || isWord(password) || isWord(undisguised(password)) || isWord(undisguised(password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')));
}

/** Words and nothing else but digits and signs before, between and behind them. */
function isWord(password: string): boolean {
  const letters = password.replace(/[^\p{L}]+/gu, '');
  return letters === '' ? new Set(password).size < 6 : isWords(letters);
}

function isWords(letters: string): boolean {
  const ends = new Set([0]);
  for (let end = 1; end <= letters.length; end += 1) {
    for (const begin of ends) {
      if (!words.has(letters.slice(begin, end))) continue;
      ends.add(end);
      break;
    }
  }
  return ends.has(letters.length);
}

function undisguised(text: string): string {
  return [...text].map((one) => disguises[one] ?? one).join('');
}

/** Each character follows the one before, upwards or downwards; 0 follows 9. */
function isSequence(characters: readonly string[]): boolean {
  const steps = characters.slice(1).map((one, index) => (one.codePointAt(0) ?? 0) - (characters[index]?.codePointAt(0) ?? 0));
  return [1, -1].some((step) => steps.every((one) => one === step || one === -9 * step));
}

/** A part of at most half of it, again and again; the last time perhaps not whole. */
function isRepetition(characters: readonly string[]): boolean {
  return Array.from({ length: Math.min(6, Math.floor(characters.length / 2)) }, (_, index) => index + 1).some((period) => characters.every((one, index) => index < period || one === characters[index - period]))
    || (characters.length % 2 === 0 && characters.slice(0, characters.length / 2).join('') === characters.slice(characters.length / 2).join(''));
}

/** Along a row, there and perhaps back; numbers behind it make it no other. */
function isAlong(row: string, password: string): boolean {
  const core = password.replace(/[\d!.]*$/, '');
  return [row, [...row].reverse().join('')].some((way) => `${way}${way}`.includes(password) || (core.length >= 6 && way.includes(core)));
}
