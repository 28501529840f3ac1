package example;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.kservellm.LLMInferenceService;
import com.pulumi.kservellm.LLMInferenceServiceArgs;
import com.pulumi.kservellm.Platform;
import com.pulumi.kservellm.PlatformArgs;
import com.pulumi.kservellm.inputs.ModelArgs;
import com.pulumi.kservellm.inputs.ParallelismArgs;
import com.pulumi.kservellm.inputs.TuningArgs;
import com.pulumi.kubernetes.Provider;
import com.pulumi.kubernetes.ProviderArgs;
import com.pulumi.resources.ComponentResourceOptions;

/** The platform and one model service, rendered to YAML. */
public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    static void stack(Context context) {
        // A folder of YAML. An empty one deploys to the current kubeconfig.
        var folder = context.config().get("renderTo").orElse("rendered");
        var provider = new Provider("provider", ProviderArgs.builder()
            .renderYamlToDirectory(folder)
            .build());
        var options = ComponentResourceOptions.builder().providers(provider).build();

        var platform = new Platform("platform", PlatformArgs.Empty, options);

        var chat = new LLMInferenceService("chat", LLMInferenceServiceArgs.builder()
            .platform(platform.bundle())
            .model(ModelArgs.builder()
                .uri("hf://Qwen/Qwen2.5-7B-Instruct")
                .name("Qwen/Qwen2.5-7B-Instruct")
                .build())
            // Two pods, each a full copy of the model over two GPUs.
            .parallelism(ParallelismArgs.builder().tensor(2).data(2).build())
            .accelerator("nvidia-h100-80gb")
            .tuning(TuningArgs.builder().maxModelLen(32768).gpuMemoryUtilization(0.92).build())
            .build(), options);

        context.export("url", chat.url());
    }
}
