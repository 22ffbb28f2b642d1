/** Where dashboards are found in Grafana: `/d/{uid}`. */
export const UID = {
  HEALTH: 'streamgauge-health',
  FAILURES: 'streamgauge-failures',
  SELF_CHECK: 'streamgauge-self-check',
  RUNBOOK: 'streamgauge-runbook',
} as const
