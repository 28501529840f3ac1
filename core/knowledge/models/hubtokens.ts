/** The environment variables from which huggingface_hub reads a token. Source: huggingface_hub/constants.py. */
export const TOKEN_VARIABLES: readonly string[] = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];
