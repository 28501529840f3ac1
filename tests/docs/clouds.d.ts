/**
 * The resources of clouds in the recipes, with only the fields that the recipes use: the real packages have hundreds of
 * megabytes.
 */
declare module "@pulumi/aws" {
  import type * as pulumi from "@pulumi/pulumi";
  export namespace eks {
    interface Args {
      clusterName: pulumi.Input<string>;
      nodeRoleArn: pulumi.Input<string>;
      subnetIds: pulumi.Input<pulumi.Input<string>[]>;
      instanceTypes?: pulumi.Input<string>[];
      amiType?: "AL2023_x86_64_NVIDIA" | "BOTTLEROCKET_x86_64_NVIDIA";
      labels?: Record<string, pulumi.Input<string>>;
      scalingConfig: { minSize: number; desiredSize: number; maxSize: number };
      taints?: { key: string; value?: string; effect: "NO_SCHEDULE" | "NO_EXECUTE" | "PREFER_NO_SCHEDULE" }[];
    }
    class NodeGroup extends pulumi.CustomResource {
      constructor(name: string, args: Args, opts?: pulumi.CustomResourceOptions);
    }
  }
}

declare module "@pulumi/gcp" {
  import type * as pulumi from "@pulumi/pulumi";
  export namespace container {
    interface Args {
      cluster: pulumi.Input<string>;
      location?: pulumi.Input<string>;
      autoscaling?: { minNodeCount: number; maxNodeCount: number };
      nodeConfig?: {
        machineType?: string;
        guestAccelerators?: {
          type: string;
          count: number;
          gpuDriverInstallationConfig?: { gpuDriverVersion: "DEFAULT" | "LATEST" };
        }[];
        oauthScopes?: string[];
      };
    }
    class NodePool extends pulumi.CustomResource {
      constructor(name: string, args: Args, opts?: pulumi.CustomResourceOptions);
    }
  }
}

declare module "@pulumi/azure-native/containerservice" {
  import type * as pulumi from "@pulumi/pulumi";

  interface Args {
    resourceGroupName: pulumi.Input<string>;
    resourceName: pulumi.Input<string>;
    agentPoolName?: string;
    mode?: "System" | "User";
    osType?: "Linux";
    vmSize?: string;
    enableAutoScaling?: boolean;
    minCount?: number;
    count?: number;
    maxCount?: number;
    nodeLabels?: Record<string, pulumi.Input<string>>;
    nodeTaints?: string[];
  }
  export class AgentPool extends pulumi.CustomResource {
    constructor(name: string, args: Args, opts?: pulumi.CustomResourceOptions);
  }
}
