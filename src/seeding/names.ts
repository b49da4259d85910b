/**
 * Names of synthetic people and firms: Han names, Tibetan names in Chinese transcription (some with `·`, U+00B7) and in
 * Tibetan script, names of Tu, Mongol and Hui families. Nobody real is meant; every name is put together by chance.
 */
import type { Random } from './random.ts';

/** A person's name, with its Tibetan writing where there is one. */
export interface PersonName {
  readonly name: string;
  readonly surname: string;
  readonly tibetan: string | undefined;
}

const surnames = [...'王李张刘马杨陈赵徐何高祁乔罗胡孙朱俞吴周郭韩冯董蔡田魏贾石'].map((name, place) => [name, 30 - place] as const);
const tuSurnames = [...'李祁鲁汪东申包']; // Tu families of the upper Datong carry few surnames
const huiSurnames = [...'马丁白王杨穆哈'];
const male = [...'国建军伟强明福海平林忠德文生祥元龙鹏斌亮成俊浩宇涛'];
const female = [...'秀英兰芳玉梅红霞燕丽娟萍花琴凤霞雪婷洁佳慧敏莲珍'];
const anyone = [...'永世春晓新天玉生庆延万吉瑞宝月'];

/** Syllables of Amdo names: transcription, Tibetan script. */
const tibetanAnyone: readonly (readonly [string, string])[] = [
  ['扎西', 'བཀྲ་ཤིས'], ['才让', 'ཚེ་རིང'], ['仁青', 'རིན་ཆེན'], ['桑杰', 'སངས་རྒྱས'], ['索南', 'བསོད་ནམས'], ['旦增', 'བསྟན་འཛིན'],
  ['尕藏', 'སྐལ་བཟང'], ['洛桑', 'བློ་བཟང'], ['白玛', 'པད་མ'], ['华旦', 'དཔལ་ལྡན'], ['才旦', 'ཚེ་བརྟན'], ['贡保', 'མགོན་པོ'],
];
const tibetanMale: readonly (readonly [string, string])[] = [
  ['多杰', 'རྡོ་རྗེ'], ['南杰', 'རྣམ་རྒྱལ'], ['加措', 'རྒྱ་མཚོ'], ['旺杰', 'དབང་རྒྱལ'], ['丹珠', 'དོན་གྲུབ'], ['加', 'རྒྱལ'],
];
const tibetanFemale: readonly (readonly [string, string])[] = [
  ['卓玛', 'སྒྲོལ་མ'], ['央金', 'དབྱངས་ཅན'], ['拉毛', 'ལྷ་མོ'], ['措', 'མཚོ'], ['卓尕', 'སྒྲོལ་དཀར'], ['吉', 'སྐྱིད'], ['周毛', 'འབྲུག་མོ'],
];

/** A name for somebody of this sex and ethnicity; `surname` is the family's, where the name is to carry it. */
export function personName(random: Random, sex: '1' | '2', ethnicity: string, surname: string | undefined): PersonName {
  if (ethnicity === '04' && (surname === undefined ? random.chance(0.5) : random.chance(0.25))) return tibetanName(random, sex);
  const family = surname ?? familyName(random, ethnicity);
  const own = sex === '1' ? male : female;
  const given = random.chance(0.3) ? random.pick(own) : random.pick(anyone) + random.pick(own);
  return { name: family + given, surname: family, tibetan: undefined };
}

/** A surname that families of this ethnicity carry. */
export function familyName(random: Random, ethnicity: string): string {
  if (ethnicity === '30') return random.pick(tuSurnames);
  if (ethnicity === '03') return random.pick(huiSurnames);
  return random.weighted(surnames);
}

function tibetanName(random: Random, sex: '1' | '2'): PersonName {
  const [first, firstScript] = random.pick(tibetanAnyone);
  const [second, secondScript] = random.pick(sex === '1' ? tibetanMale : tibetanFemale);
  const between = second.length > 1 && random.chance(0.15) ? '·' : '';
  return { name: first + between + second, surname: '', tibetan: random.chance(0.7) ? `${firstScript}་${secondScript}` : undefined };
}

const marks = [...'祥瑞丰盛源康恒泰鑫隆华锐雪域高原金牧兴润达吉云岭青松'];

/** The distinctive part of a firm's name (字号). `no` keeps names of one place apart. */
export function tradeName(random: Random, no: number): string {
  const [first, second, third] = [random.pick(marks), random.pick(marks), marks[no % marks.length] ?? ''];
  return first + second + third;
}
