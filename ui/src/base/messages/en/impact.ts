/** What passes through something. */
export const impact = {
  apis: 'APIs behind it',
  apisNote: 'those that lose most time there first',
  affected: 'Requests through it',
  criticalShare: 'Of their time',
  criticalShareHint: 'What part of the time on the API’s critical path was spent here.',
  criticalTime: 'Time lost there',
  noApis: 'No API came through in this time range.',
  here: 'Mean here',
  hereHint: 'Of what it served for this API that other hosts serve too.',
  elsewhere: 'Elsewhere',
  elsewhereHint: 'The same endpoints on other hosts, in the shares of this one.',
  difference: 'Here vs elsewhere',
};
