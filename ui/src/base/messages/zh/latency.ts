import type { Messages } from '../en.ts';

export const latency: Messages['latency'] = {
  count: '次数',
  distribution: '分布',
  overTime: '随时间变化',
  brushHint: '拖选一段耗时以查看对应的调用链',
  heatmapHint: '拖选一个区域：时间与耗时',
  traces: '调用链',
  compare: '对比',
  compareNone: '不对比',
  compareHint: '以相同请求数的轮廓叠加在分布上。',
  periods: { before: '上一周期', day: '前一天', week: '上一周' },
  outlineHint: (count) => `轮廓：对比周期，${count} 个请求`,
  wasBefore: (duration) => `原为 ${duration}`,
  none: '该时间范围内没有这个名称的调用。',
};
