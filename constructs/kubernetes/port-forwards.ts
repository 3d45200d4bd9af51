import { MODEL_SERVER_SERVICE_ACCOUNT } from './model-server';

/** How a person reaches what runs in the cluster, which nothing outside it can: the server's API and Grafana. */
export const PORT_FORWARDS = {
  model_server: `kubectl port-forward --namespace ${MODEL_SERVER_SERVICE_ACCOUNT.namespace} service/model-server 8080:80`,
  grafana: 'kubectl port-forward --namespace monitoring service/kube-prometheus-stack-grafana 3000:80',
} as const;
