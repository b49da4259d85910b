/**
 * How everything looks: antd's own look, denser, with colours that are read on white by everybody (WCAG AA, 4.5 to 1).
 */
import type { ThemeConfig } from 'antd';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0b56c4',
    colorInfo: '#0b56c4',
    colorLink: '#0b56c4',
    colorSuccess: '#1a7037',
    colorWarning: '#8f5400',
    colorError: '#c11f2b',
    // antd makes grey mud of the backgrounds of colours as dark as these.
    colorInfoBg: '#e8f0fd',
    colorInfoBorder: '#a9c6f5',
    colorSuccessBg: '#eaf6ee',
    colorSuccessBorder: '#9fd0b0',
    colorWarningBg: '#fdf4e3',
    colorWarningBorder: '#e3c48a',
    colorErrorBg: '#fdeeee',
    colorErrorBorder: '#efb1b1',
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    colorText: '#1c2430',
    colorTextSecondary: '#475160',
    colorTextTertiary: '#5b6573',
    colorTextQuaternary: '#6b7482',
    colorTextDescription: '#5b6573',
    colorTextPlaceholder: '#6b7482',
    colorBgLayout: '#f4f6f9',
    colorBorderSecondary: '#e6eaf0',
    borderRadius: 4,
    fontFamily: 'var(--hub-font)',
    fontFamilyCode: 'var(--hub-code)',
    wireframe: false,
  },
  components: {
    Layout: { headerBg: '#fff', headerHeight: 52, headerPadding: '0 20px', siderBg: '#fff' },
    Menu: { itemHeight: 36, itemMarginInline: 8, itemBorderRadius: 4, itemSelectedBg: '#e8f0fd', iconSize: 15 },
    Table: { headerBg: '#f7f9fb', headerColor: '#475160', cellPaddingBlockSM: 7, rowHoverBg: '#f2f7ff' },
    Card: { headerHeight: 46, bodyPadding: 20 },
    Descriptions: { labelBg: '#f7f9fb', labelColor: '#475160' },
    Form: { itemMarginBottom: 18, labelColor: '#475160' },
  },
};
