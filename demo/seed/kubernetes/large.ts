import type { KubernetesObject, KubernetesState } from '../../world/kubernetes-state.ts';
import { container, deployment, namespace, podSpec } from './objects.ts';
import { readerObjects } from './reader.ts';
import { ec2Node, systemObjects } from './system.ts';

interface LargeCluster {
  namespaces: number;
  deploymentsPerNamespace: number;
  podsPerDeployment: number;
}

/** A cluster of any size, whose workloads follow every practice and differ from each other in their image. */
export function insideLargeCluster(size: LargeCluster): KubernetesState {
  const nodes = Array.from({ length: 50 }, (_, index) => `ip-10-20-1-${index}.ec2.internal`);
  const objects: KubernetesObject[] = [
    ...nodes.map((name, index) => ec2Node(name, `i-${String(index).padStart(17, '0')}`, 'general')),
    ...systemObjects(nodes, true),
    ...readerObjects(),
  ];
  for (let index = 0; index < size.namespaces; index += 1) {
    const place = `team-${String(index).padStart(3, '0')}`;
    objects.push(...namespace(place, { 'pod-security.kubernetes.io/enforce': 'restricted' }));
    for (let app = 0; app < size.deploymentsPerNamespace; app += 1) {
      const image = `registry.example/${place}/app-${app}:v1.0.${app}`;
      const env = Array.from({ length: 10 }, (_, number) => ({
        name: `SETTING_${number}`,
        value: `${place}-${number}`,
      }));
      objects.push(
        ...deployment({
          namespace: place,
          name: `app-${app}`,
          replicas: size.podsPerDeployment,
          nodes,
          spec: podSpec([container('app', image, { env }), container('proxy', 'registry.example/proxy:v2.0.1')]),
        }).map(withManagedFields),
      );
    }
  }
  return { customGroups: [], objects };
}

/** What the API server keeps about who set which field: a third of most objects. */
function withManagedFields(object: KubernetesObject): KubernetesObject {
  const fieldsV1 = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f:field-${index}`, { '.': {} }]));
  object.metadata.managedFields = [{ manager: 'kube-controller-manager', operation: 'Update', fieldsV1 }];
  return object;
}
