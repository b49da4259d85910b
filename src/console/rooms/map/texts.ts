/** What the room of the map says. */
import { pairs } from '../../language/language.tsx';

export const texts = pairs({
  title: { zh: '地图', en: 'Map' },
  about: { zh: '各区划中的记录数，由本库的区划范围绘制', en: 'How many records lie in each division, drawn from the hub\'s own geometry' },
  shown: { zh: '显示', en: 'Shown' },
  division: { zh: '区划', en: 'Division' },
  count: { zh: '数量', en: 'Records' },
  few: { zh: '不足 10', en: 'under 10' },
  about10: { zh: (count: string) => `约 ${count}`, en: (count: string) => `about ${count}` },
  exactNote: { zh: '数量为实际记录数。', en: 'Counts are exact.' },
  tensNote: { zh: '涉及个人，数量按十取整，不足 10 不示。', en: 'About persons: told in tens, and not below ten.' },
  countedAt: { zh: (at: string) => `统计于 ${at}`, en: (at: string) => `Counted ${at}` },
  notCounted: { zh: '尚未统计，数分钟后再看。', en: 'Not counted yet: look again in a few minutes.' },
  up: { zh: '上级区划', en: 'The division above' },
  enter: { zh: '进入', en: 'Enter' },
  hulls: { zh: '虚线：登记中没有该区划的范围，以辖区内标准地址的外围代替，并非界线。', en: 'Dashed: no area is registered; it is drawn around the addresses in it, and is no border.' },
  undrawn: { zh: (names: string) => `没有可绘的范围：${names}`, en: (names: string) => `Nothing to draw: ${names}` },
  noShapes: { zh: '这一级没有可绘的范围', en: 'There is nothing to draw here' },
  noShapesNext: { zh: '登记区划范围（区划范围 KJ-0006）或标准地址位置点后，地图显示在此；右侧的数量不受影响。', en: 'Once the areas of divisions (KJ-0006) or points of addresses are registered they are drawn here. The counts beside it stand.' },
  noBelow: { zh: '没有下级区划', en: 'No divisions below' },
  all: { zh: '合计', en: 'In all' },
  mapLabel: { zh: (name: string, what: string) => `${name}各下级区划的${what}数量图`, en: (name: string, what: string) => `Map of ${name}: ${what} in each division below` },
  legend: { zh: '图例', en: 'Legend' },
  lookUp: { zh: '地址与不动产由部门应用按授权查询；管理员不读取记录。', en: 'Addresses and real estate are looked up by applications, as granted; administrators read no records.' },
});
