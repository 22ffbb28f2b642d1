import type { Product, Setting } from '../setting.ts'

const IDLE: Omit<Setting, 'topic' | 'why' | 'bites'> = {
  where: 'in a shell, with the ARN of the load balancer',
  snippet: `aws elbv2 modify-load-balancer-attributes \\
  --load-balancer-arn "$LOAD_BALANCER_ARN" \\
  --attributes Key=idle_timeout.timeout_seconds,Value=600`,
  costs: 'The targets have to keep idle connections open for longer, or some requests end as a 502.',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
  verified: 'documented',
}

export const awsAlb: Product = {
  id: 'aws_alb',
  name: 'AWS Application Load Balancer',
  kind: 'hop',
  settings: [
    {
      ...IDLE,
      topic: 'idle_timeout',
      why: 'It counts the silence of the connection: a model that reasons is silent for minutes.',
      bites: '60 s without a byte; 4000 s at most.',
    },
    {
      ...IDLE,
      topic: 'first_byte',
      why: 'The same timer is for the wait for the headers, which ends as a 504.',
      bites: '60 s.',
    },
    {
      topic: 'duration_limit',
      where: 'in a shell, with the ARN of the target group',
      snippet: `aws elbv2 modify-target-group-attributes \\
  --target-group-arn "$TARGET_GROUP_ARN" \\
  --attributes Key=deregistration_delay.timeout_seconds,Value=900`,
      why: 'When a target is taken out, as a deployment does, its answers may run so long until they are cut.',
      bites: '300 s; 3600 s at most.',
      costs: 'Each deployment may take as long.',
      source:
        'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay',
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It sends on what it has; only Lambda functions as targets answer in one piece.',
    compression: 'It compresses nothing.',
    error_page: 'It passes errors of the targets on, and its own pages have their own status.',
    request_size: 'No limit; 1 MB where the target is a Lambda function.',
  },
}
