import type { Messages } from '../en.ts';

export const nav: Messages['nav'] = {
  checkup: '体检',
  emergency: '应急',
  overview: '总览',
  services: '服务',
  map: '拓扑图',
  top: 'Top N',
  hosts: '主机',
  middleware: '中间件',
  capacity: '容量',
  diagnose: '诊断',
  traces: '调用链',
  latency: '延迟分布',
  main: '主导航',
  skip: '跳到正文',
  settings: '设置',
  dark: '深色',
  light: '浅色',
  language: '语言',
  shortcuts: '键盘快捷键',
  notFound: '没有这个页面。',
  pageFailed: '这个页面无法显示。',
};

export const palette: Messages['palette'] = {
  open: '搜索或跳转…',
  placeholder: '页面、服务、端点、主机、中间件或调用链 ID',
  pages: '页面',
  services: '服务',
  endpoints: '端点',
  hosts: '主机',
  middleware: '中间件',
  trace: '调用链',
  openTrace: (id) => `打开调用链 ${id}`,
  nothing: '该时间范围内没有这个名称。',
};

export const range: Messages['range'] = {
  label: '时间范围',
  last: {
    '5m': '最近 5 分钟',
    '15m': '最近 15 分钟',
    '1h': '最近 1 小时',
    '3h': '最近 3 小时',
    '12h': '最近 12 小时',
    '24h': '最近 24 小时',
    '7d': '最近 7 天',
  },
  earlier: '更早',
  later: '更晚',
  from: '从',
  to: '到',
  apply: '应用',
  wrong: '结束时间必须晚于开始时间。',
  refresh: '刷新',
  live: '实时',
  liveHint: '每 10 秒重新获取',
  copyLink: '复制链接',
  copied: '已复制',
};

export const environment: Messages['environment'] = {
  label: '环境',
  all: '全部环境',
};

export const keys: Messages['keys'] = {
  title: '键盘快捷键',
  palette: '搜索或跳转',
  search: '聚焦本页搜索框',
  rows: '下一行、上一行',
  open: '打开该行',
  close: '关闭已打开的内容',
  collapse: '瀑布图：折叠、展开子树',
  matches: '瀑布图：下一个、上一个匹配',
  beside: '拓扑图、火焰图：移到相邻项',
  zoom: '拓扑图、火焰图：放大、缩小、全图',
  help: '本列表',
};

export const common: Messages['common'] = {
  service: '服务',
  services: '服务',
  host: '主机',
  hosts: '主机',
  name: '名称',
  instance: '实例',
  version: '版本',
  requests: '请求数',
  requestsPerSecond: '请求/秒',
  errors: '错误',
  trend: '趋势',
  cpuTrend: 'CPU 趋势',
  duration: '耗时',
  lastSeen: '最近上报',
  justNow: '刚刚',
  spans: 'Span 数',
  unknown: '未知',
  copy: '复制',
  close: '关闭',
  retry: '重试',
  clear: '清除',
  clearAll: '全部清除',
  loadMore: '加载更多',
  loading: '加载中',
  failed: '加载失败。',
  unreachable: '采集器没有应答。它默认监听 4320 端口，除非 SONDE_PORT 另有设置。',
  noData: '该时间范围内没有数据。',
  of: '/',
  dragToZoom: '拖动以缩放',
};

export const send: Messages['send'] = {
  instrument: '用探针启动一个 Node.js 服务，代码无需改动：',
  host: '在每台机器上启动主机探针：',
  widen: '或者选择更长的时间范围。',
};
