/** Resource types that cost nothing by themselves, by the reason. A type is on this list or has an estimator, never both. */
const FREE: readonly [reason: string, types: readonly string[]][] = [
  [
    'permissions and identities are free',
    words(`aws_iam_instance_profile aws_iam_openid_connect_provider aws_iam_policy aws_iam_role
      aws_iam_role_policies_exclusive aws_iam_role_policy aws_iam_role_policy_attachment
      aws_iam_role_policy_attachments_exclusive aws_eks_access_entry aws_eks_access_policy_association
      aws_eks_pod_identity_association aws_accessanalyzer_analyzer aws_lambda_permission
      aws_sns_topic_policy aws_sqs_queue_policy aws_sqs_queue_redrive_allow_policy aws_cloudwatch_log_resource_policy
      aws_lakeformation_opt_in aws_lakeformation_permissions aws_lakeformation_resource
      aws_cloudfront_origin_access_control
      azurerm_federated_identity_credential azurerm_role_assignment azurerm_role_definition
      azurerm_user_assigned_identity`),
  ],
  [
    'networks themselves are free; what passes a gateway, an address or a load balancer is counted there',
    words(`aws_default_security_group aws_internet_gateway aws_route aws_route_table aws_route_table_association
      aws_security_group aws_subnet aws_vpc aws_vpc_security_group_egress_rule aws_vpc_security_group_ingress_rule
      aws_apigatewayv2_vpc_link aws_cloudfront_vpc_origin aws_lb_listener aws_lb_target_group
      azurerm_network_security_group azurerm_network_security_rule azurerm_resource_group azurerm_subnet
      azurerm_subnet_nat_gateway_association azurerm_subnet_network_security_group_association
      azurerm_nat_gateway_public_ip_association azurerm_virtual_network`),
  ],
  [
    'settings of something that is counted itself',
    words(`aws_apigatewayv2_api_mapping aws_apigatewayv2_authorizer aws_apigatewayv2_domain_name
      aws_apigatewayv2_integration aws_apigatewayv2_route aws_apigatewayv2_stage
      aws_appautoscaling_policy aws_appautoscaling_scheduled_action aws_appautoscaling_target
      aws_autoscaling_lifecycle_hook aws_autoscaling_policy aws_autoscaling_schedule
      aws_backup_plan aws_backup_selection aws_backup_vault_lock_configuration aws_backup_vault_notifications
      aws_cloudfront_cache_policy aws_cloudfront_response_headers_policy
      aws_config_configuration_recorder_status aws_config_delivery_channel
      aws_db_parameter_group aws_db_subnet_group aws_dms_certificate aws_dms_endpoint
      aws_dms_replication_subnet_group aws_dms_replication_task
      aws_ecs_cluster aws_ecs_cluster_capacity_providers aws_ecs_task_definition
      aws_eks_addon aws_elasticache_parameter_group aws_elasticache_subnet_group aws_elasticache_user
      aws_elasticache_user_group aws_kms_alias aws_lambda_event_source_mapping
      aws_lambda_function_event_invoke_config aws_launch_template
      aws_route53_hosted_zone_dnssec aws_route53_key_signing_key aws_route53_record
      aws_s3_bucket_lifecycle_configuration aws_s3_bucket_logging aws_s3_bucket_notification
      aws_s3_bucket_object_lock_configuration aws_s3_bucket_ownership_controls aws_s3_bucket_policy
      aws_s3_bucket_public_access_block aws_s3_bucket_replication_configuration
      aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_versioning
      aws_sagemaker_endpoint aws_sagemaker_model aws_sagemaker_notebook_instance_lifecycle_configuration
      aws_securityhub_account aws_wafv2_ip_set aws_wafv2_web_acl_association
      azurerm_storage_container azurerm_storage_management_policy
      mongodbatlas_cloud_backup_schedule mongodbatlas_encryption_at_rest mongodbatlas_privatelink_endpoint_service`),
  ],
  [
    'what it writes is counted in its log group or bucket',
    words(`aws_cloudwatch_log_delivery aws_cloudwatch_log_delivery_destination aws_cloudwatch_log_delivery_source
      aws_cloudwatch_log_stream aws_flow_log aws_route53_query_log aws_wafv2_web_acl_logging_configuration`),
  ],
  [
    'budgets and anomalies are free',
    words(
      'aws_budgets_budget aws_ce_anomaly_monitor aws_ce_anomaly_subscription azurerm_consumption_budget_subscription',
    ),
  ],
  ['public certificates are free', words('aws_acm_certificate aws_acm_certificate_validation')],
  ["AWS' own events are free", words('aws_cloudwatch_event_rule aws_cloudwatch_event_target')],
  ['chat and mail of this size are free', words('aws_chatbot_teams_channel_configuration aws_sns_topic_subscription')],
  [
    'deployments to AWS are free',
    words('aws_codedeploy_app aws_codedeploy_deployment_config aws_codedeploy_deployment_group'),
  ],
  ['a catalogue of this size is free', words('aws_glue_catalog_database aws_glue_catalog_table')],
  [
    'what is restored for a test is gone within hours',
    words('aws_backup_restore_testing_plan aws_backup_restore_testing_selection'),
  ],
  [
    'Atlas bills the cluster',
    words(`mongodbatlas_cloud_provider_access_authorization mongodbatlas_database_user mongodbatlas_cloud_provider_access_setup
      mongodbatlas_privatelink_endpoint mongodbatlas_project`),
  ],
];

/** Providers whose resources are all free, but for those that have an estimator. */
const FREE_PROVIDERS: readonly [reason: string, provider: RegExp][] = [
  ['it runs on nodes, which are counted', /^(kubernetes|helm)_/],
  ['it is in the state only', /^(archive|external|local|null|random|terraform|time|tls)_/],
];

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

const REASONS = new Map(FREE.flatMap(([reason, types]) => types.map((type): [string, string] => [type, reason])));

/** All types that are listed one by one. */
export const FREE_TYPES: readonly string[] = [...REASONS.keys()];

/** Why a type costs nothing; undefined where it may cost something. */
export function freeReason(type: string): string | undefined {
  return REASONS.get(type) ?? FREE_PROVIDERS.find(([, provider]) => provider.test(type))?.[0];
}
