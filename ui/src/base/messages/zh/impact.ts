import type { Messages } from '../en.ts';

export const impact: Messages['impact'] = {
  apis: '依赖它的 API',
  apisNote: '在此耗时最多的在前',
  affected: '经过它的请求',
  criticalShare: '耗时占比',
  criticalShareHint: 'API 关键路径上的时间有多少花在这里。',
  criticalTime: '在此耗时',
  noApis: '该时间范围内没有 API 经过它。',
  here: '此处均值',
  hereHint: '此主机为该 API 处理、且其他主机也处理的请求。',
  elsewhere: '他处均值',
  elsewhereHint: '同样的端点在其他主机上的均值，按此主机的占比加权。',
  difference: '此处对比他处',
};
