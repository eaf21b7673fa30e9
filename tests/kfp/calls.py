"""Calls the Kubeflow Pipelines API by its SDK and prints what came of it, as JSON.

KFP_HOST names the API; one of KFP_COOKIES, KFP_TOKEN and KFP_TOKEN_FILE the credential.
"""

import json
import os
import warnings

warnings.simplefilter("ignore")

import kfp
import kfp.client
import kfp_server_api


def credential():
    if cookies := os.environ.get("KFP_COOKIES"):
        return {"cookies": cookies}
    if token := os.environ.get("KFP_TOKEN"):
        return {"existing_token": token}
    volume = kfp.client.ServiceAccountTokenVolumeCredentials(os.environ["KFP_TOKEN_FILE"])
    return {"credentials": volume}


def calls():
    client = kfp.Client(host=os.environ["KFP_HOST"], namespace="team-a", **credential())
    try:
        health = client._healthz_api.healthz_service_get_healthz()
        experiments = client.list_experiments(namespace="team-a").experiments
        # An answer that is not the API's would have none.
        names = [experiment.display_name for experiment in experiments]
        return {"multiUser": health.multi_user, "experiments": names}
    except kfp_server_api.ApiException as error:
        return {"status": error.status, "challenge": error.headers.get("www-authenticate")}


print(json.dumps(calls()))
