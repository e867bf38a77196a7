package world

// What people and their tools write on the Hub. Between ‹ and › are gaps: see Lexicon.gaps. No form has more than
// five, for that is how many a phrase's bits fill.

var titleForms = []string{
	"Update README.md",
	"Upload folder using huggingface_hub",
	"Upload ‹noun›-‹number›.safetensors with huggingface_hub",
	"Add ‹noun› to the model card",
	"Add `‹noun›` split",
	"Adding `safetensors` variant of this model",
	"Add pipeline tag and link to the ‹adjective› ‹noun› paper",
	"Librarian Bot: Add base_model information to model",
	"[bot] Conversion to Parquet",
	"Fix ‹thing› in tokenizer_config.json",
	"fix: ‹verb› the ‹thing› before ‹abbreviation›",
	"docs: how to ‹verb› the ‹noun›",
	"chore(‹noun›): bump to v‹number›",
	"Create ‹noun›_‹number›.py",
	"Delete ‹adjective›-‹noun›.bin",
	"How was the ‹noun› split made?",
	"Is there a GGUF of this? ‹number›B would fit my GPU",
	"Commercial use? The ‹noun› licence is unclear",
	"Model outputs \"‹noun›\" for every prompt",
	"CUDA out of memory after ‹number› steps",
	"KeyError: '‹noun›' when loading the ‹adjective› subset",
	"RuntimeError: ‹abbreviation› ‹thing› not found",
	"‹question›",
	"Thank you for the ‹adjective› ‹noun›! ‹emoji›",
	"🚩 Report: ‹noun›",
	"Quelle licence pour « ‹noun› » ?",
	"Frage zum ‹noun›-Datensatz (‹number› GB)",
	"¿Se puede usar ‹noun› en producción?",
	"Dúvida sobre o ajuste fino com ‹noun›",
	"请问支持中文吗？（‹noun›）",
	"‹noun› のデータについて",
	"‹noun› 모델 사용 문의",
	"Вопрос про ‹noun›",
	"سؤال عن ‹noun›",
}

var openingForms = []string{
	"Thanks for sharing! ‹phrase›",
	"‹phrase› ‹remark›",
	"Hi! ‹question› I tried ‹verb› on the ‹thing›, and it stops after ‹number› steps.",
	"@‹person› could you have a look? ‹question›",
	"@‹person› ‹remark› ‹phrase›",
	"> ‹question›\n\nYes, see [the card](‹url›).",
	"> ‹remark›\n\n‹phrase› ‹emoji›",
	"LGTM 🚀",
	"+1, the same here with ‹thing› ‹number›.0",
	"This PR was opened by [a bot](‹url›) to ‹verb› the ‹abbreviation› ‹thing›. ‹remark›",
	"This is an automated message: ‹phrase›",
	"The ‹feature› ‹noun› works for me now, thank you ‹emoji›",
	"‹phrase› But ‹question›",
	"Great work! ‹question› ‹emoji› ‹remark›",
	"Merci beaucoup, ça marche très bien ! Et « ‹noun› » ?",
	"Danke! Für ‹noun› läuft es jetzt, nur ‹thing› fehlt noch.",
	"Gracias por compartir el modelo. ¿Habrá una versión de ‹number›B?",
	"Obrigado! Consegui ajustar com ‹noun›, não precisou de ‹thing›.",
	"感谢分享！请问 ‹noun› 的训练数据会公开吗？",
	"ありがとうございます 🤗 ‹noun› で試してみました。",
	"감사합니다! ‹noun› 버전도 나올까요?",
	"Спасибо! А можно добавить ‹noun›?",
	"شكراً جزيلاً على المشاركة، ‹noun› رائع 👏",
	"धन्यवाद! क्या ‹noun› भी आएगा?",
}

// blockForms are what may follow, each a paragraph of Markdown.
var blockForms = []string{
	"```python\nfrom datasets import load_dataset\n\nds = load_dataset(\"‹repo›\", \"‹noun›\", split=\"train\", streaming=True)\nfor i, row in enumerate(ds):\n    if i == ‹number›:\n        break\n    print(row[\"‹noun›\"][:80], row.get(\"label\", -1))\n```",
	"```python\nimport torch\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n\ntokenizer = AutoTokenizer.from_pretrained(\"‹repo›\")\nmodel = AutoModelForCausalLM.from_pretrained(\n    \"‹repo›\", revision=\"refs/pr/‹number›\", torch_dtype=torch.bfloat16, device_map=\"auto\"\n)\ninputs = tokenizer(\"The ‹adjective› ‹noun›\", return_tensors=\"pt\").to(model.device)\nprint(tokenizer.decode(model.generate(**inputs, max_new_tokens=‹number›)[0]))\n```",
	"```bash\npip install -U huggingface_hub\nhf download ‹repo› --include \"‹noun›/*\" --local-dir ./‹adjective›-‹noun›\npython ‹noun›.py --batch-size ‹number› 2>&1 | tee run.log\n```",
	"```\nTraceback (most recent call last):\n  File \"/app/‹noun›.py\", line ‹number›, in <module>\n    main(sys.argv[1:])\n  File \"/usr/local/lib/python3.12/site-packages/transformers/modeling_utils.py\", line 3‹number›2, in from_pretrained\n    raise EnvironmentError(\nOSError: ‹repo› does not appear to have a file named pytorch_model-000‹number›.bin & no \"‹abbreviation›\" fallback was found.\n```",
	"| split | rows | ‹noun› | loss |\n|---|---:|---|---:|\n| train | ‹number›,‹number›00 | ‹adjective› | 0.‹number› |\n| validation | ‹number›00 | same | 1.02 |\n| test | 1,000 | same | 1.07 |",
	"- [x] ‹verb› the ‹thing›\n- [x] rebase on main, the conflict in `config.json` is gone\n- [ ] ‹verb› the ‹adjective› ‹noun›\n- [ ] <details><summary>logs</summary>step ‹number›: loss 0.‹number›</details>",
	"See [‹noun›.md](‹url›/blob/main/‹noun›.md) and #‹number›. ‹phrase›",
	"![image.png](‹url›/resolve/main/‹noun›-‹number›.png)\n\nThe left one is before, the right one after ‹number› epochs.",
	"**Edit:** ‹remark› _‹question›_ It happens only with `trust_remote_code=True`, and not on CPU.",
	"cc @‹person› @‹person›",
	"1. ‹phrase›\n2. ‹remark›\n3. ‹emoji›",
	"‹remark› ‹phrase› ‹question›",
	"---\n```yaml\nlicense: apache-2.0\nlanguage:\n  - en\n  - fr\ntags:\n  - ‹noun›\n  - ‹adjective›\ndatasets:\n  - ‹repo›\nmodel-index:\n  - name: ‹noun›-‹number›b\n    results: []\n```\nThat is what the card says now; is it on purpose that `base_model` is missing?",
	"> ‹question›\n\nYes: with `‹noun›=‹number›` it fits into 24 GB, below that you need `--load-in-4bit`. ‹phrase› ‹remark›",
}

// filePaths are paths of files in a bucket. Each has one noun and one number, so that two of them are the same only if
// form, noun and number are.
var filePaths = []string{
	"data/‹noun›-‹number›.csv",
	"data/‹noun›/train-000‹number›.parquet",
	"images/‹noun›/‹number›.jpg",
	"checkpoints/‹noun›/step-‹number›000/model.safetensors",
	"logs/‹noun›/‹number›.jsonl",
	"notes/‹noun›, été ‹number›.txt",
}

// nameEndings are what the names of repos end with, after an adjective and a noun.
var nameEndings = []string{
	"", "", "", "-7b", "-13b", "-70b-instruct", "-base", "-large", "-mini", "-lora", "-GGUF", "-v2", "-v1.5", "_demo", ".en",
}
